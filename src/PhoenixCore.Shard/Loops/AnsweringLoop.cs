using PhoenixCore.Journal.Metering;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Metering;

namespace PhoenixCore.Shard.Loops;

/// <summary>Completes calls in order once what they saw is committed. A step machine.</summary>
internal sealed unsafe class AnsweringLoop(HandoverRing<Completion> completions, ShardCursors cursors, CallPool calls, IWaitStrategy sequencerWait, ShardMeters meters, IShardReplication? replication = null) : IWorkSource
{
    private const int SliceMax = 256;

    private readonly PoolAnswers _pool = new();
    private ulong _committed;
    private ulong _committedBefore;

    public bool HasWork => completions.Available(1) > 0 && completions.Peek(0)->VisibleAfter <= cursors.Committed && completions.Peek(0)->Round <= Confirmed;

    private ulong Confirmed => replication?.ConfirmedRound ?? ulong.MaxValue;

    public bool Step()
    {
        var available = completions.Available(SliceMax);
        var committed = cursors.Committed;
        if (committed != _committed) (_committedBefore, _committed) = (_committed, committed);
        var (done, waited) = (0, 0);
        var confirmed = Confirmed;
        while (done < available && completions.Peek(done)->VisibleAfter <= committed && completions.Peek(done)->Round <= confirmed)
        {
            if (completions.Peek(done)->VisibleAfter > _committedBefore) waited++; // the others needed nothing that this commit brought
            var call = calls.At(completions.Peek(done)->Waiter);
            if (call.IsAnsweredOnPool) _pool.Add(call);
            else call.Complete();
            done++;
        }

        if (done == 0) return false;
        _pool.Send();
        if (waited > 0) meters.Answer.Observe(Ticks.Now - cursors.CommittedAt, waited);
        cursors.SetShown(completions.Peek(done - 1)->VisibleAfter);
        completions.Release(done);
        cursors.AddAnswered((ulong)done);
        sequencerWait.Signal(); // it may have waited for room among the unanswered
        return true;
    }
}
