using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>A small ledger for tests that tell a story: asset PTS, wallets <c>ann</c>, <c>bob</c> (plain) and <c>pool</c>, commands by name.</summary>
public sealed unsafe class Bookshop : IDisposable
{
    public static readonly UInt128 Points = AssetCode.Pack("PTS"u8);

    public Bookshop()
    {
        var asset = New(CommandKind.CreateAsset);
        asset->AssetCode = Points;
        Accept(asset);
        foreach (var wallet in (string[])["ann", "bob"]) Accept(Wallet(wallet, pooled: false));
        Accept(Wallet("pool", pooled: true));
    }

    public LedgerRig Rig { get; } = new();

    public CommandArena Arena { get; } = new();

    /// <summary>Unix nanoseconds for the commands to come.</summary>
    public long Now { get; set; } = 1_000;

    /// <summary>The last outcome's fact.</summary>
    public RecordedFact LastFact => Rig.Facts[^1];

    public Command* New(CommandKind kind)
    {
        var command = Arena.Commands(1);
        command->Kind = kind;
        command->Tenant = LedgerRig.Tenant;
        return command;
    }

    public Command* Wallet(string externalId, bool pooled)
    {
        var command = New(CommandKind.CreateWallet);
        command->Flags = pooled ? CommandFlags.Pooled : CommandFlags.None;
        (command->WalletAliasLo, command->WalletAliasHi) = CommandArena.HashOf(externalId);
        return command;
    }

    public Command* Of(CommandKind kind, string wallet, Int128 amount)
    {
        var command = New(kind);
        command->Flags = CommandFlags.WalletByAlias;
        (command->WalletAliasLo, command->WalletAliasHi) = CommandArena.HashOf(wallet);
        command->Amount = amount;
        command->AssetCode = Points;
        return command;
    }

    public Command* Transfer(string from, string to, Int128 amount)
    {
        var command = Of(CommandKind.CreateTransfer, from, amount);
        To(command, to);
        return command;
    }

    public Command* Commit(ulong reservation, Int128 amount, string? to)
    {
        var command = New(CommandKind.CommitReservation);
        command->Subject = reservation;
        command->Amount = amount;
        command->Flags = amount > 0 ? CommandFlags.HasAmount : CommandFlags.None;
        if (to is null) return command;
        command->Flags |= CommandFlags.HasDestination;
        To(command, to);
        return command;
    }

    public Command* Release(ulong reservation)
    {
        var command = New(CommandKind.ReleaseReservation);
        command->Subject = reservation;
        return command;
    }

    /// <summary>Several operations as one command; they are copied.</summary>
    public Command* Several(CommandKind kind, params nint[] operations)
    {
        var command = New(kind);
        var arguments = Arena.Commands(operations.Length);
        for (var i = 0; i < operations.Length; i++) arguments[i] = *(Command*)operations[i];
        command->Arguments = arguments;
        command->ArgumentCount = operations.Length;
        return command;
    }

    /// <summary>The number by which a reversal names what the last fact did.</summary>
    public ulong LastTransaction => Numbers.Of(LastFact.Context.Sequence, 0);

    public byte[]? FactOf(ulong sequence) => Rig.Facts[(int)sequence - 1].Bytes;

    /// <summary>A reversal with all that its caller has to look up.</summary>
    public Command* Reversing(CommandKind kind, ulong transaction, Int128? amount = null)
    {
        var command = New(kind);
        command->Subject = transaction;
        if (amount is { } given) (command->Flags, command->Amount) = (CommandFlags.HasAmount, given);
        if (Original.Find(FactOf(Numbers.SequenceOf(transaction)), transaction, kind == CommandKind.ReverseCredit) is not { } original) return command;
        for (var i = 0; i < original.Slices.Length; i++) FindTerms(original, i);
        (command->Wallet, command->Other) = (original.Giver, original.Taker);
        command->Arguments = Arena.Bytes(original.ArgumentBytes);
        original.WriteTo((byte*)command->Arguments);
        command->ArgumentCount = original.Slices.Length;
        return command;
    }

    private void FindTerms(Original original, int slice)
    {
        if (original.Slices[slice].From == 0) return;
        var search = new LotTermsSearch(FactOf, original.Slices[slice].From, Numbers.SequenceOf(original.Number), Numbers.OrdinalOf(original.Number));
        while (!search.TryStep(LastChange(search.Lot)))
        {
        }

        original.SetTerms(slice, search, FactOf);
    }

    private ulong LastChange(ulong lot)
    {
        var question = New(CommandKind.ReadLotChange);
        question->Subject = lot;
        Assert.Equal(LedgerResult.Accepted, Rig.Read(question, Now, out var answer));
        return MemoryMarshal.Read<LotChangeView>(answer).Sequence;
    }

    public Outcome Run(Command* command)
    {
        var outcome = Rig.Execute(command, Now);
        Assert.Null(Rig.Ledger.FindFault());
        return outcome;
    }

    public void Accept(Command* command) => Assert.Equal(LedgerResult.Accepted, Run(command).Result);

    public void Refuse(LedgerResult expected, Command* command)
    {
        var before = Rig.Ledger.Digest();
        Assert.Equal(expected, Run(command).Result);
        Assert.Equal(before, Rig.Ledger.Digest());
    }

    public void Credit(string wallet, Int128 amount, long expiresAt = 0)
    {
        var command = Of(CommandKind.CreateCredit, wallet, amount);
        if (expiresAt != 0) command->Flags |= CommandFlags.HasTerms;
        command->ExpiresAt = expiresAt;
        Accept(command);
    }

    public ulong Reserve(string wallet, Int128 amount, long expiresAt = 0)
    {
        var command = Of(CommandKind.CreateReservation, wallet, amount);
        command->ExpiresAt = expiresAt;
        Accept(command);
        fixed (byte* payload = LastFact.Bytes) return new FactParts(payload).First.Body<ReservedBody>().Number;
    }

    public void Bounds(string wallet, Int128? floor, Int128? ceiling)
    {
        var command = Of(CommandKind.SetBounds, wallet, floor ?? 0);
        command->Flags |= (floor is null ? CommandFlags.None : CommandFlags.HasFloor) | (ceiling is null ? CommandFlags.None : CommandFlags.HasCeiling);
        command->Ceiling = ceiling ?? 0;
        Accept(command);
    }

    /// <summary>Available and reserved points, after what is due has expired.</summary>
    public (Int128 Available, Int128 Reserved) Balance(string wallet) => View(wallet) is { } view ? (view.Available, view.Reserved) : default;

    public BalanceView? View(string wallet)
    {
        var question = Of(CommandKind.ReadWallet, wallet, 0);
        Assert.Equal(LedgerResult.Accepted, Rig.Read(question, Now, out var answer));
        foreach (var view in MemoryMarshal.Cast<byte, BalanceView>(answer[sizeof(WalletView)..]))
        {
            if (view.Asset == Points) return view;
        }

        return null;
    }

    public LotView[] Lots(string wallet)
    {
        var question = Of(CommandKind.ReadLots, wallet, 0);
        Assert.Equal(LedgerResult.Accepted, Rig.Read(question, Now, out var answer));
        return MemoryMarshal.Cast<byte, LotView>(answer).ToArray();
    }

    public void Dispose()
    {
        Rig.Dispose();
        Arena.Dispose();
    }

    private static void To(Command* command, string wallet)
    {
        command->Flags |= CommandFlags.OtherByAlias;
        (command->OtherAliasLo, command->OtherAliasHi) = CommandArena.HashOf(wallet);
    }
}
