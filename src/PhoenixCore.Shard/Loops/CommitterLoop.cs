using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Loops;

/// <summary>Makes groups durable, one in flight, and moves Committed. A step machine.</summary>
internal sealed class CommitterLoop(Journal.Journal journal, GroupQueue groups, ShardCursors cursors, IWaitStrategy sequencerWait, IWaitStrategy answeringWait)
{
    /// <exception cref="Journal.JournalIoException">The disk failed: nothing that waits may be answered, the process must end.</exception>
    public bool Step()
    {
        if (groups.Next is not { } group) return false;

        var last = group.LastSequence;
        journal.Commit(group);
        groups.Done();
        cursors.SetCommitted(last);
        answeringWait.Signal();
        sequencerWait.Signal(); // a buffer is free, and a waiting group may go
        return true;
    }
}
