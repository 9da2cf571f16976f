using System.Diagnostics;
using PhoenixCore.Model.Scripts;

namespace PhoenixCore.Simulation.World;

/// <summary>Time and chance: a queue of events in order of virtual time, ties broken by the seed. One thread.</summary>
/// <remarks>What waits for a disk runs the queue on from inside its own event (<see cref="PumpUntil"/>), so that a call may block without a thread.</remarks>
internal sealed class SimWorld(ulong seed)
{
    /// <summary>A run has some thousands; one that goes on for ever is ended with its seed.</summary>
    private const long EventsMax = 500_000;
    private const int EventsPerLook = 1 << 10;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly PriorityQueue<Action, (long At, ulong Tie)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly SplitMix64 _ties = new(seed ^ 0x7165);

    /// <summary>Of the machine's time, for one run.</summary>
    public static TimeSpan TimeMax { get; } = TimeSpan.FromSeconds(120);

    /// <summary>Virtual nanoseconds since the beginning.</summary>
    public long Now { get; private set; }

    public long Events { get; private set; }

    /// <summary>Two runs of one seed end with the same value.</summary>
    public ulong TraceHash { get; private set; } = 14695981039346656037UL;

    /// <summary>The first thing that is wrong; null = nothing so far.</summary>
    public string? Failure { get; private set; }

    /// <summary>Decides which event comes when.</summary>
    public SplitMix64 Random { get; } = new(seed ^ 0x11);

    /// <summary>A stream of chance of its own, so that one part's choices do not move another's.</summary>
    public SplitMix64 Stream(ulong name) => new(seed ^ (name * 0x9E3779B97F4A7C15UL));

    /// <summary>Tells what happens, for whoever repeats a run by hand; null = nobody listens.</summary>
    public static Action<string>? Listener { get; set; }

    public void Tell(string what) => Listener?.Invoke($"{Now / 1e9,12:F6} {Events,8} {what}");

    public void Fail(string what) => Failure ??= $"at {Now / 1e9:F6} s, event {Events}: {what}";

    /// <exception cref="InvalidOperationException">Called from another thread: then nothing could be repeated.</exception>
    public void In(long nanoseconds, Action action)
    {
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException("a run has left its thread");
        _queue.Enqueue(action, (Now + Math.Max(0, nanoseconds), _ties.Next()));
    }

    /// <summary>Mixes something that must be the same in every run into the trace.</summary>
    public void Trace(ulong what) => TraceHash = (TraceHash ^ what) * 1099511628211UL;

    public void Trace(string what)
    {
        foreach (var character in what) Trace(character);
    }

    /// <summary>The next event. False: there is none, or something has failed.</summary>
    public bool Step()
    {
        if (Failure is not null || !_queue.TryDequeue(out var action, out var place)) return false;
        Now = Math.Max(Now, place.At);
        if (++Events % EventsPerLook == 0) Watch();
        Trace((ulong)Now);
        action();
        return true;
    }

    private void Watch()
    {
        if (Events > EventsMax) Fail($"more than {EventsMax} events");
        else if (_watch.Elapsed > TimeMax) Fail($"not done after {TimeMax.TotalSeconds:F0} s of the machine's time");
    }

    /// <summary>Lets other things happen until a time, or until nothing more is to be waited for.</summary>
    public void PumpUntil(long time, Func<bool> isOver)
    {
        while (!isOver() && _queue.TryPeek(out _, out var next) && next.At <= time && Step())
        {
            // One event each.
        }

        Now = Math.Max(Now, isOver() ? Now : time);
    }
}
