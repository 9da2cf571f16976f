using PhoenixCore.Shard;

namespace PhoenixCore.Server.Events;

/// <summary>Wakes those who wait for durable facts. It looks at the shard's cursor while anyone waits, so the writer never knows about consumers. Any thread.</summary>
public sealed class CommitPulse(LedgerShard shard)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private bool _isLooking;

    /// <summary>Completes when more is committed than a sequence, or after a time: then false.</summary>
    public async ValueTask<bool> WaitAsync(ulong seen, TimeSpan patience, CancellationToken ct)
    {
        var until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (shard.Cursors.Committed <= seen)
        {
            var left = until - Environment.TickCount64;
            if (left <= 0) return false;
            var moved = Next();
            if (shard.Cursors.Committed > seen) return true;
            try
            {
                await moved.WaitAsync(TimeSpan.FromMilliseconds(left), ct).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return shard.Cursors.Committed > seen;
            }
        }

        return true;
    }

    private Task Next()
    {
        lock (_lock)
        {
            var next = _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isLooking)
            {
                _isLooking = true;
                _ = LookAsync(shard.Cursors.Committed);
            }

            return next.Task;
        }
    }

    /// <summary>Ends when nobody waits any more: after a pulse the next one who waits starts it again.</summary>
    private async Task LookAsync(ulong seen)
    {
        await Task.Yield(); // the starter holds the lock
        using var timer = new PeriodicTimer(Interval);
        while (shard.Cursors.Committed == seen && !shard.Fault.IsCompleted) await timer.WaitForNextTickAsync().ConfigureAwait(false);
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            (waiting, _next) = (_next, null);
            _isLooking = false;
        }

        waiting?.TrySetResult();
    }
}
