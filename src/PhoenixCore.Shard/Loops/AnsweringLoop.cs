using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Shard.Loops;

/// <summary>Completes calls in order once what they saw is committed. A step machine.</summary>
internal sealed unsafe class AnsweringLoop(HandoverRing<Completion> completions, ShardCursors cursors, CallPool calls, IWaitStrategy sequencerWait) : IWorkSource
{
    private const int SliceMax = 256;

    private readonly PoolAnswers _pool = new();

    public bool HasWork => completions.Available(1) > 0 && completions.Peek(0)->VisibleAfter <= cursors.Committed;

    public bool Step()
    {
        var available = completions.Available(SliceMax);
        var committed = cursors.Committed;
        var done = 0;
        while (done < available && completions.Peek(done)->VisibleAfter <= committed)
        {
            var call = calls.At(completions.Peek(done)->Waiter);
            if (call.IsAnsweredOnPool) _pool.Add(call);
            else call.Complete();
            done++;
        }

        if (done == 0) return false;
        _pool.Send();
        completions.Release(done);
        cursors.AddAnswered((ulong)done);
        sequencerWait.Signal(); // it may have waited for room among the unanswered
        return true;
    }
}
