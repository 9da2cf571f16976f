using PhoenixCore.Ledger;

namespace PhoenixCore.Tools.Tests;

/// <summary>A directory in which most kinds of facts stand; its journal is closed.</summary>
public sealed class Story : IDisposable
{
    public Story()
    {
        var rig = Rig;
        foreach (var name in (string[])["alice", "bob", "carol"]) rig.Wallet(name);
        rig.Credit("alice", 100_00, "order-1", key: 11);
        rig.Credit("alice", 5_00, lifetime: TimeSpan.FromHours(1));
        rig.Bound("bob", 1_000_00);
        Assert.Equal(LedgerResult.Accepted, rig.Transfer("alice", "bob", 30_00, key: 12));
        OpenReservation = rig.Reserve("alice", 72_00, TimeSpan.FromDays(2)); // holds part of the lot that expires
        rig.Credit("alice", 10_00);
        rig.Reserve("bob", 10_00, TimeSpan.FromMinutes(1));
        var captured = rig.Reserve("bob", 4_00, TimeSpan.FromMinutes(30));
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(LedgerResult.Accepted, rig.Transfer("bob", "carol", 1_00)); // bob's first reservation is due and comes first
        rig.Commit(captured, 3_00, "carol");
        Assert.Equal(LedgerResult.InsufficientBalance, rig.Transfer("bob", "carol", 9_999_00, key: 13));
        Assert.Equal(LedgerResult.InsufficientBalance, rig.Transfer("bob", "carol", 9_999_00)); // leaves no fact
        rig.Freeze("carol");
        rig.Close();
        rig.Open(); // a second epoch
        rig.AwaitIndex();
        rig.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(LedgerResult.Accepted, rig.Transfer("alice", "bob", 50)); // the lot is due and comes first
        (Digest, LastSequence) = (rig.Shard.Digest(), rig.Shard.Cursors.Committed);
        rig.Close();
    }

    internal DataRig Rig { get; } = new();

    public ulong OpenReservation { get; }

    public UInt128 Digest { get; }

    public ulong LastSequence { get; }

    public void Dispose() => Rig.Dispose();
}
