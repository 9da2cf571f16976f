using PhoenixCore.Journal;
using PhoenixCore.Journal.Simulation;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Replication.State;
using PhoenixCore.Shard;

namespace PhoenixCore.Replication.Tests;

public sealed class ReplicaTests
{
    private static readonly Guid Shard = new(1, 2, 3, new byte[8]);
    private static readonly Guid First = new(1, 0, 0, new byte[8]);
    private static readonly Guid Second = new(2, 0, 0, new byte[8]);

    [Fact]
    public void A_fence_is_granted_for_a_higher_epoch_alone_and_the_promise_is_durable_before_the_answer()
    {
        var storage = new SimulatedStorage();
        var replica = Open(storage, last: 0);
        var incarnation = replica.State.Incarnation;
        Assert.True(replica.OnFence(5, First, "http://first").IsGranted);
        Assert.False(replica.OnFence(5, Second, "http://second").IsGranted);
        Assert.False(replica.OnFence(5, First, "http://first").IsGranted); // it may be in use already
        Assert.Equal((false, 5UL), (replica.OnFence(4, First, "").IsGranted, replica.State.Promised));
        var again = Open(storage.Crash(CrashOutcome.NothingKept, seed: 1), last: 0);
        Assert.Equal((5UL, First, "http://first", incarnation), (again.State.Promised, again.State.PromisedTo, again.State.LeaderAddress, again.State.Incarnation));
        Assert.True(again.OnFence(6, Second, "").IsGranted);
    }

    [Fact]
    public void Records_of_a_lower_epoch_or_of_another_leader_of_the_same_are_stale()
    {
        var log = new MemoryLog(0);
        var replica = new Replica(ReplicaFile.Open(new SimulatedStorage()), log, Shard);
        Assert.Equal(AppendAnswer.Taken, Append(replica, log, epoch: 3, First, count: 2, committed: 1));
        Assert.True(replica.OnFence(4, Second, "").IsGranted);
        Assert.Equal(AppendAnswer.Stale, Append(replica, log, epoch: 3, First, count: 1));
        Assert.Equal(AppendAnswer.Stale, Append(replica, log, epoch: 4, First, count: 1));
        Assert.False(replica.OnHeartbeat(3, First, 2));
        Assert.Equal((1UL, 1), (replica.Committed, log.Appends)); // the stale heartbeat has committed nothing
        Assert.Equal(AppendAnswer.Taken, Append(replica, log, epoch: 4, Second, count: 1, committed: 99));
        Assert.Equal(3UL, replica.Committed); // never more than is durable here
    }

    [Fact]
    public void Records_that_do_not_follow_are_a_mismatch_and_damaged_ones_change_nothing()
    {
        var log = new MemoryLog(0);
        var replica = new Replica(ReplicaFile.Open(new SimulatedStorage()), log, Shard);
        Append(replica, log, 3, First, count: 4);
        Assert.Equal(AppendAnswer.Mismatch, replica.OnAppend(3, First, new JournalPosition(5, MemoryLog.ChainAt(5)), MemoryLog.Records(3, 6, 1), 1, MemoryLog.ChainAt(6), 0));
        Assert.Equal(AppendAnswer.Mismatch, replica.OnAppend(3, First, new JournalPosition(4, default), MemoryLog.Records(3, 5, 1), 1, MemoryLog.ChainAt(5), 0));
        Assert.Throws<JournalDivergedException>(() => replica.OnAppend(9, First, log.End, MemoryLog.Records(9, 5, 1), 1, default, 0));
        Assert.Equal((4UL, 3UL), (log.End.Sequence, replica.LastEpoch)); // what a damaged record says of its epoch is not believed
    }

    [Fact]
    public void Nothing_committed_is_ever_cut_and_what_is_behind_the_agreement_must_be()
    {
        var log = new MemoryLog(0);
        var replica = new Replica(ReplicaFile.Open(new SimulatedStorage()), log, Shard);
        Append(replica, log, 3, First, count: 10, committed: 6);
        Assert.Equal(WelcomeAnswer.MustCut, replica.OnWelcome(Welcome(replica, epoch: 4, Second, agreement: 6)));
        Assert.Equal(4UL, replica.State.Promised);
        Assert.Throws<ReplicaBrokenException>(() => replica.OnWelcome(Welcome(replica, epoch: 5, Second, agreement: 5)));
        Assert.Equal(WelcomeAnswer.Stale, replica.OnWelcome(Welcome(replica, epoch: 4, First, agreement: 10)));
        Assert.Equal(WelcomeAnswer.Follows, replica.OnWelcome(Welcome(replica, epoch: 4, Second, agreement: 10)));
    }

    [Fact]
    public void A_copy_of_another_history_is_refused_and_an_empty_one_takes_the_leader_s()
    {
        var other = Guid.NewGuid();
        var log = new MemoryLog(0);
        var replica = new Replica(ReplicaFile.Open(new SimulatedStorage()), log, Shard);
        Assert.Equal(WelcomeAnswer.Follows, replica.OnWelcome(new Welcome(other, 1, First, 0, 0, "")));
        Assert.Equal(other, replica.State.Timeline);
        Append(replica, log, 1, First, count: 1);
        Assert.Equal(WelcomeAnswer.OtherTimeline, replica.OnWelcome(new Welcome(Guid.NewGuid(), 2, First, 1, 1, "")));
        Assert.Equal(1UL, replica.State.Promised);
    }

    [Fact]
    public void A_later_state_is_taken_only_from_the_leader_that_was_promised_to_and_only_when_it_is_later()
    {
        var log = new MemoryLog(0);
        var replica = new Replica(ReplicaFile.Open(new SimulatedStorage()), log, Shard);
        Append(replica, log, 3, First, count: 10, committed: 6);
        Assert.False(replica.OnBase(Welcome(replica, epoch: 2, Second, agreement: 10), 100));
        Assert.False(replica.OnBase(Welcome(replica, epoch: 3, Second, agreement: 10), 100));
        Assert.False(replica.OnBase(Welcome(replica, epoch: 4, Second, agreement: 10), 10));
        Assert.False(replica.OnBase(Welcome(replica, epoch: 4, Second, agreement: 10) with { Timeline = Guid.NewGuid() }, 100));
        Assert.Throws<ReplicaBrokenException>(() => replica.OnBase(Welcome(replica, epoch: 4, Second, agreement: 5), 100));
        Assert.Equal((3UL, First), (replica.State.Promised, replica.State.PromisedTo)); // nothing of it was believed
        Assert.True(replica.OnBase(Welcome(replica, epoch: 4, Second, agreement: 10), 100));
        Assert.Equal((4UL, Second, 10UL), (replica.State.Promised, replica.State.PromisedTo, log.End.Sequence));
    }

    [Fact]
    public void Voters_go_back_when_the_fact_that_changed_them_is_cut()
    {
        var storage = new SimulatedStorage();
        var replica = Open(storage, last: 20);
        replica.NoteMembers(MembersFact.Make([First], false), 8);
        replica.NoteMembers(MembersFact.Make([First, Second], false), 15);
        replica.NoteMembers(MembersFact.Make([Second], true), 15); // no newer one
        replica.NoteEpoch(1, 1);
        replica.NoteEpoch(2, 14);
        Assert.Equal(2, Open(storage, last: 15).State.Members.Voters.Count);
        var cut = Open(storage, last: 13);
        Assert.Equal((1, 8UL, 1UL), (cut.State.Members.Voters.Count, cut.State.Members.Sequence, cut.LastEpoch));
    }

    [Fact]
    public void A_wiped_copy_is_another_one()
    {
        var storage = new SimulatedStorage();
        var before = ReplicaFile.Open(storage).State;
        Assert.Equal(before.Incarnation, ReplicaFile.Open(storage).State.Incarnation);
        storage.Delete(ReplicaFile.Name);
        Assert.NotEqual(before.Incarnation, ReplicaFile.Open(storage).State.Incarnation);
    }

    [Fact]
    public void Its_own_promise_is_higher_than_every_epoch_it_knows()
    {
        var replica = Open(new SimulatedStorage(), last: 9);
        replica.OnFence(4, First, "");
        replica.NoteEpoch(6, 9);
        Assert.Equal((7UL, 12UL), (replica.PromiseItself(0, "here"), replica.PromiseItself(11, "here")));
        Assert.Equal((12UL, replica.State.Incarnation), (replica.State.Promised, replica.State.PromisedTo));
        Assert.False(replica.OnFence(12, First, "").IsGranted);
    }

    private static Replica Open(SimulatedStorage storage, ulong last) => new(ReplicaFile.Open(storage), new MemoryLog(last), Shard);

    private static AppendAnswer Append(Replica replica, MemoryLog log, ulong epoch, Guid leader, int count, ulong committed = 0)
    {
        var first = log.End.Sequence + 1;
        return replica.OnAppend(epoch, leader, log.End, MemoryLog.Records(epoch, first, count), count, MemoryLog.ChainAt(first + (ulong)count - 1), committed);
    }

    private static Welcome Welcome(Replica replica, ulong epoch, Guid leader, ulong agreement) => new(replica.State.Timeline, epoch, leader, agreement, 0, "");
}
