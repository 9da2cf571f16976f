using PhoenixCore.Ledger;

namespace PhoenixCore.Tools.Tests;

/// <summary>The tools read the parts that change reservations, lots and transactions.</summary>
public sealed unsafe class ChangedReservationTests : IDisposable
{
    private readonly DataRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_reservation_captured_in_parts_is_open_until_its_last_one()
    {
        foreach (var name in (string[])["ann", "bob"]) _rig.Wallet(name);
        _rig.Credit("ann", 100);
        var bet = _rig.Reserve("ann", 60, TimeSpan.FromHours(1));
        Capture(bet, 20);
        Assert.Equal(1, OpenReservations());
        Assert.Equal(LedgerResult.Accepted, _rig.Run(CommandKind.ExtendReservation, (command, _) => (command->Subject, command->ExpiresAt) = (bet, _rig.Clock.WallNanoseconds + 1_000_000_000)).Result);
        Capture(bet, 40);
        Assert.Equal(0, OpenReservations());
        _rig.Close();
        var lines = ToolRun.Ok("journal", "dump", _rig.Data).Lines;
        Assert.Contains(lines, line => line.Contains("  Captured ", StringComparison.Ordinal) && line.Contains("ann[reserved] -> bob", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("of ann, new expiry", StringComparison.Ordinal));
        Assert.Contains(ToolRun.Ok("journal", "dump", _rig.Data, "--json").Objects, fact => fact.GetRawText().Contains("\"held\":\"40\"", StringComparison.Ordinal));
    }

    private void Capture(ulong reservation, Int128 amount) => Assert.Equal(
        LedgerResult.Accepted,
        _rig.Run(CommandKind.CommitReservation, (command, _) =>
        {
            (command->Subject, command->Amount) = (reservation, amount);
            command->Flags = CommandFlags.HasAmount | CommandFlags.KeepRest | CommandFlags.HasDestination | CommandFlags.OtherByAlias;
            (command->OtherAliasLo, command->OtherAliasHi) = Ledger.Ids.SipHash.Hash128(DataRig.HashKey, "bob"u8);
        }).Result);

    /// <summary>Of a directory at rest.</summary>
    private int OpenReservations()
    {
        _rig.Close();
        var open = ToolRun.Ok("balance", _rig.Data, "ann", "--json").Object.GetProperty("balances")[0].GetProperty("reservations").GetArrayLength();
        _rig.Open();
        return open;
    }
}
