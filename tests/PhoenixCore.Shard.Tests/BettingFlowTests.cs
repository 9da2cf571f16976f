using PhoenixCore.Journal;
using PhoenixCore.Ledger;

namespace PhoenixCore.Shard.Tests;

public class BettingFlowTests
{
    [Theory]
    [InlineData(WriterKind.Pwrite)]
    [InlineData(WriterKind.Mapped)]
    public void A_settled_stake_is_at_the_house_after_a_restart_too(WriterKind writer)
    {
        using var rig = new ShardRig(writer: writer);
        var (player, house) = (rig.Wallet(1), rig.Wallet(2));
        Assert.Equal(LedgerResult.Accepted, rig.Credit(player, 10_000));
        var (result, bet) = rig.Reserve(player, 2_500);
        Assert.Equal(LedgerResult.Accepted, result);
        Assert.Equal(((Int128)7_500, (Int128)2_500), rig.Balance(player));
        Assert.Equal(LedgerResult.Accepted, rig.Commit(bet, house));
        Assert.Equal(LedgerResult.ReservationNotActive, rig.Commit(bet, house));

        var digest = rig.Shard.Digest();
        rig.Reopen();
        Assert.Equal(((Int128)7_500, (Int128)0), rig.Balance(player));
        Assert.Equal(((Int128)2_500, (Int128)0), rig.Balance(house));
        Assert.Null(rig.Shard.FindFault());
        Assert.NotEqual(default, digest);
        Assert.Empty(rig.Faults);
    }

    [Fact]
    public void A_reservation_expires_by_itself_and_by_the_next_command()
    {
        using var rig = new ShardRig();
        var player = rig.Wallet(1);
        rig.Credit(player, 100);
        var (_, bet) = rig.Reserve(player, 60);
        rig.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(LedgerResult.ReservationExpired, rig.Commit(bet));
        Assert.Equal(((Int128)100, (Int128)0), rig.Balance(player));

        var (_, second) = rig.Reserve(player, 60);
        rig.Clock.Advance(TimeSpan.FromMinutes(16));
        var sequence = rig.Shard.Cursors.Committed;
        Assert.True(SpinWait.SpinUntil(() => rig.Shard.Cursors.Committed > sequence, TimeSpan.FromSeconds(5)), "the sweep made no fact");
        Assert.Equal(LedgerResult.ReservationExpired, rig.Release(second));
    }

    /// <summary>Second by second would take a sleeping shard minutes.</summary>
    [Fact]
    public void What_became_due_while_an_idle_shard_s_clock_skipped_hours_is_swept_at_once()
    {
        using var rig = new ShardRig();
        var player = rig.Wallet(1);
        rig.Credit(player, 100);
        var (result, bet) = rig.Reserve(player, 60, expiresAt: rig.Clock.WallNanoseconds + (17 * 3_600 * 1_000_000_000L));
        Assert.Equal(LedgerResult.Accepted, result);
        var sequence = rig.Shard.Cursors.Committed;
        rig.Clock.Advance(TimeSpan.FromHours(18));
        Assert.True(SpinWait.SpinUntil(() => rig.Shard.Cursors.Committed > sequence, TimeSpan.FromSeconds(20)), "the sweep made no fact");
        Assert.Equal(LedgerResult.ReservationExpired, rig.Release(bet));
    }

    [Fact]
    public void A_key_answers_the_same_after_a_restart()
    {
        using var rig = new ShardRig();
        var (a, b) = (rig.Wallet(1), rig.Wallet(2));
        rig.Credit(a, 100);
        var first = rig.Transfer(a, b, 60, key: 9);
        var refused = rig.Transfer(a, b, 60, key: 10);
        Assert.Equal(LedgerResult.InsufficientBalance, refused.Result);
        rig.Credit(a, 1_000);
        rig.Reopen();
        Assert.Equal((LedgerResult.Accepted, first.Sequence, true), rig.Transfer(a, b, 60, key: 9));
        Assert.Equal((LedgerResult.InsufficientBalance, refused.Sequence, true), rig.Transfer(a, b, 60, key: 10));
        Assert.Equal(LedgerResult.IdempotencyConflict, rig.Transfer(a, b, 61, key: 9).Result);
        Assert.Equal(((Int128)60, (Int128)0), rig.Balance(b));
    }
}
