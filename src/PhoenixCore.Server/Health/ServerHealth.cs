using System.Diagnostics;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Health;

/// <summary>What the probes are answered from. Any thread.</summary>
internal sealed class ServerHealth(OpeningProgress opening, TimeSpan stall, ILogger log, Func<bool>? follows = null) : IDisposable
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private volatile LedgerShard? _shard;
    private volatile LoopWatch? _loops;
    private volatile bool _isStopping;

    public OpeningProgress Opening => opening;

    /// <summary>It follows another copy.</summary>
    public bool Follows => follows?.Invoke() == true;

    public bool IsStarted => _shard is not null;

    /// <summary>Recovered, and not on its way out.</summary>
    public bool IsServing => IsStarted && !_isStopping;

    /// <summary>Since the process began to open its directory.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    /// <summary>What is left of the opening if it goes on as it did; null = not known, or done.</summary>
    public TimeSpan? Remaining => !IsStarted && opening.Share is > 0.01 and < 1 and var share ? Elapsed * ((1 - share) / share) : null;

    /// <summary>The loops tick; before there are any, the process does.</summary>
    public bool IsAlive => _loops?.IsTicking ?? true;

    public void Started(LedgerShard shard)
    {
        _loops = new LoopWatch(shard, stall, log);
        _shard = shard;
    }

    /// <summary>The shard is being opened anew, or changes its role.</summary>
    public void Closed()
    {
        _shard = null;
        _loops?.Dispose();
        _loops = null;
    }

    public void Stopping() => _isStopping = true;

    /// <summary>What it takes to answer for money, by name.</summary>
    public IEnumerable<(string Name, bool Holds)> Checks()
    {
        var shard = _shard;
        yield return ("recovered", shard is not null);
        yield return ("serving", !_isStopping);
        if (shard is null) yield break;
        yield return ("loops", IsAlive);
        yield return ("journal", !shard.Fault.IsCompleted);
        yield return ("clock", !shard.IsClockSuspect);
        yield return ("room", shard.CanPrepare);
    }

    public void Dispose() => _loops?.Dispose();
}
