using PhoenixCore.Journal.Metering;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Metering;

namespace PhoenixCore.Shard.Loops;

/// <summary>Makes groups durable, one in flight, and moves Committed. A step machine.</summary>
internal sealed class CommitterLoop(Journal.Journal journal, GroupQueue groups, ShardCursors cursors, SequencerLoop sequencer, IWaitStrategy sequencerWait, IWaitStrategy answeringWait, ShardMeters meters, IShardReplication? replication = null)
{
    /// <exception cref="Journal.JournalIoException">The disk failed: nothing that waits may be answered, the process must end.</exception>
    public bool Step()
    {
        if (groups.Next is not { } group) return false;

        var last = group.LastSequence;
        var started = Ticks.Now;
        journal.Commit(group);
        groups.Done();
        var ended = Ticks.Now;
        if (replication is null) cursors.SetCommitted(last, ended);
        else replication.OnDurable(last);
        meters.Flush.Observe(ended - started);
        answeringWait.Signal();
        sequencer.StandIn(sequencerWait); // a buffer is free, and a waiting group may go
        return true;
    }
}
