using PhoenixCore.Ledger;

namespace PhoenixCore.Shard.Tests;

public class ColdKeyTests
{
    private const int HotKeys = 1 << 12; // as the rig keeps

    [Fact]
    public void A_key_that_memory_has_forgotten_still_answers_its_original()
    {
        using var rig = new ShardRig();
        var (a, b) = (rig.Wallet(1), rig.Wallet(2));
        rig.Credit(a, 1_000_000);
        var first = rig.Transfer(a, b, 60, key: 1);
        var refused = rig.Transfer(b, a, 1_000, key: 2);
        Assert.Equal(LedgerResult.InsufficientBalance, refused.Result);
        rig.TransferMany(a, b, firstKey: 1_000, count: HotKeys + 500);

        Assert.True(rig.Shard.KeysForgottenUpTo > refused.Sequence);
        Assert.Equal((LedgerResult.Accepted, first.Sequence, true), rig.Transfer(a, b, 60, key: 1));
        Assert.Equal((LedgerResult.InsufficientBalance, refused.Sequence, true), rig.Transfer(b, a, 1_000, key: 2));
        Assert.Equal(LedgerResult.IdempotencyConflict, rig.Transfer(a, b, 61, key: 1).Result);
        Assert.Equal(((Int128)(60 + HotKeys + 500), (Int128)0), rig.Balance(b));
    }

    [Fact]
    public void A_new_key_is_applied_once_although_memory_has_forgotten_others()
    {
        using var rig = new ShardRig();
        var (a, b) = (rig.Wallet(1), rig.Wallet(2));
        rig.Credit(a, 1_000_000);
        rig.TransferMany(a, b, firstKey: 1_000, count: HotKeys + 500);
        rig.Reopen();
        Assert.False(rig.Transfer(a, b, 7, key: 5).Duplicate);
        Assert.True(rig.Transfer(a, b, 7, key: 5).Duplicate);
    }
}
