using System.Diagnostics;
using PhoenixCore.Server.Logs;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Health;

/// <summary>Notices a loop of the shard that stands still: each goes round at least ten times a second, also when it has nothing to do.</summary>
internal sealed class LoopWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly LedgerShard _shard;
    private readonly TimeSpan _patience;
    private readonly ILogger _log;
    private readonly Timer _timer;
    private readonly long[] _movedAt = new long[3];
    private (long Sequencer, long Committer, long Answering) _seen;
    private bool _isStalled;

    /// <param name="patience">How long a loop may stand still.</param>
    public LoopWatch(LedgerShard shard, TimeSpan patience, ILogger log)
    {
        (_shard, _patience, _log) = (shard, patience, log);
        _movedAt.AsSpan().Fill(Stopwatch.GetTimestamp());
        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    public bool IsTicking
    {
        get
        {
            for (var i = 0; i < _movedAt.Length; i++)
            {
                if (Stopwatch.GetElapsedTime(Volatile.Read(ref _movedAt[i])) > _patience) return false;
            }

            return true;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = Stopwatch.GetTimestamp();
        var steps = _shard.Meters.Steps;
        if (steps.Sequencer != _seen.Sequencer) Volatile.Write(ref _movedAt[0], now);
        if (steps.Committer != _seen.Committer) Volatile.Write(ref _movedAt[1], now);
        if (steps.Answering != _seen.Answering) Volatile.Write(ref _movedAt[2], now);
        _seen = steps;
        Tell();
    }

    private void Tell()
    {
        if (IsTicking == !_isStalled) return;
        _isStalled = !_isStalled;
        if (_isStalled) _log.LogError(LogEvents.LoopStalled, "a loop of the shard has not gone round for {Seconds} s: a sync that does not come back, or a bug", _patience.TotalSeconds);
        else _log.LogWarning(LogEvents.LoopResumed, "all loops of the shard go round again");
    }
}
