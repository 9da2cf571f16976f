using PhoenixCore.Replication.State;

namespace PhoenixCore.Replication.Tests;

public sealed class LeaderTests
{
    private const long Loss = 1_000;
    private static readonly Guid Self = Id(1);
    private static readonly Guid Second = Id(2);
    private static readonly Guid Third = Id(3);

    [Fact]
    public void What_is_older_than_the_epoch_is_committed_with_its_first_record_and_never_before()
    {
        var leader = Lead(Durability.Quorum, first: 11, Self, Second, Third);
        leader.Connected(Second, "", holds: 10, now: 0);
        leader.Connected(Third, "", holds: 10, now: 0);
        leader.OnAck(Second, 10, 1, 0);
        Assert.Equal(0UL, leader.OnDurable(11)); // two of three hold 10, and one alone 11
        Assert.Equal(11UL, leader.OnAck(Second, 11, 2, 0));
    }

    [Fact]
    public void Only_registered_incarnations_count()
    {
        var leader = Lead(Durability.Quorum, first: 11, Self, Second);
        var reborn = Id(9);
        leader.OnDurable(20);
        leader.Connected(reborn, "", holds: 10, now: 0);
        Assert.Equal(0UL, leader.OnAck(reborn, 20, 5, 0));
        Assert.Equal(0UL, leader.ConfirmedRound);
        Assert.True(leader.IsShort(now: 0));
        leader.Connected(Second, "", holds: 10, now: 0);
        Assert.Equal(20UL, leader.OnAck(Second, 25, 5, 0)); // more than the leader has is not more than it can commit
        Assert.Equal((5UL, false), (leader.ConfirmedRound, leader.IsShort(now: 0)));
    }

    [Fact]
    public void A_quorum_that_is_silent_is_seen_and_nothing_turns_one_level_into_another()
    {
        var leader = Lead(Durability.All, first: 1, Self, Second, Third);
        leader.Connected(Second, "", 0, now: 0);
        leader.Connected(Third, "", 0, now: 0);
        leader.OnDurable(5);
        leader.OnAck(Second, 5, 1, now: 500);
        Assert.Equal(0UL, leader.Committed);
        Assert.False(leader.IsShort(now: Loss));
        Assert.True(leader.IsShort(now: Loss + 1)); // the third has said nothing since 0
        Assert.Equal(0UL, leader.OnDurable(6));
        Assert.Equal(5UL, leader.OnAck(Third, 5, 2, now: 2 * Loss));
    }

    [Fact]
    public void One_copy_alone_is_too_few_until_an_operator_accepts_it()
    {
        var leader = Lead(Durability.Quorum, first: 1, Self);
        Assert.Equal(3UL, leader.OnDurable(3)); // what the server needs for itself
        Assert.True(leader.IsShort(now: 0));
        leader.Changed(new MemberList([Self], SingleCopyAccepted: true, Sequence: 4));
        Assert.False(leader.IsShort(now: 0));
        Assert.False(Lead(Durability.Local, first: 1, Self).IsShort(now: 0));
    }

    [Fact]
    public void While_voters_change_the_old_ones_and_the_new_ones_have_to_hold_it()
    {
        var leader = Lead(Durability.Quorum, first: 1, Self);
        leader.Connected(Second, "", 0, now: 0);
        Assert.Equal(4UL, leader.OnDurable(4));
        Assert.Equal(ulong.MaxValue, leader.ConfirmedRound); // there is nobody to ask
        Assert.True(leader.Propose([Self, Second], isForced: false));
        Assert.False(leader.Propose([Self], isForced: false));
        Assert.Equal(0UL, leader.ConfirmedRound);
        Assert.Equal(4UL, leader.OnDurable(5));
        Assert.Equal(5UL, leader.OnAck(Second, 5, 1, 0));
        leader.Changed(new MemberList([Self, Second], false, 5));
        Assert.Equal(5UL, leader.OnDurable(6));
        Assert.True(leader.Propose([Self], isForced: true)); // the operator says that the other is gone for good
        Assert.Equal(6UL, leader.Committed);
    }

    [Fact]
    public void Whoever_is_deposed_commits_and_confirms_nothing_more()
    {
        var leader = Lead(Durability.Quorum, first: 1, Self, Second);
        leader.Connected(Second, "", 0, now: 0);
        leader.OnDurable(5);
        leader.OnAck(Second, 5, 1, 0);
        leader.OnStale(leader.Epoch); // its own epoch deposes nobody
        Assert.Equal(0UL, leader.DeposedBy);
        leader.OnStale(leader.Epoch + 1);
        leader.OnDurable(9);
        Assert.Equal((5UL, 1UL), (leader.OnAck(Second, 9, 7, 0), leader.ConfirmedRound));
    }

    private static Leader Lead(Durability durability, ulong first, params Guid[] voters) => new(Self, durability, epoch: 7, first, durable: first - 1, new MemberList(voters, false, 0), Loss);

    private static Guid Id(byte number) => new(number, 0, 0, new byte[8]);
}
