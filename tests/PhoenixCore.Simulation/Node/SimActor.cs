using PhoenixCore.Journal.Simulation;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Loops;

namespace PhoenixCore.Simulation.Node;

/// <summary>One machine as an actor: it is stepped by events, sleeps until it is signalled or its time is up, and is never entered twice.</summary>
/// <param name="step">Returns nanoseconds until the next step; below 0: it waits as <see cref="Wait"/> has said.</param>
internal sealed class SimActor(SimHost host, NodeState state, Func<long> step) : IWaitStrategy
{
    private const int SignalNanosecondsMax = 30_000;
    private long _dueAt = long.MaxValue;
    private int _generation;
    private bool _isRunning;
    private bool _isSignalled;

    public NodeState State => state;

    public void Signal()
    {
        if (_isRunning) _isSignalled = true;
        else Schedule(host.World.Random.Below(SignalNanosecondsMax));
    }

    /// <summary>Does not block: says when to look again.</summary>
    public bool Wait(IWorkSource source, int microsecondsMax)
    {
        var hasWork = source.HasWork;
        Schedule(hasWork ? host.World.Random.Below(SignalNanosecondsMax) : microsecondsMax * 1_000L);
        return hasWork;
    }

    public void Schedule(long nanoseconds)
    {
        var at = host.World.Now + nanoseconds;
        if (at >= _dueAt) return;
        _dueAt = at;
        var generation = ++_generation;
        host.World.In(nanoseconds, () => Run(generation));
    }

    private void Run(int generation)
    {
        if (host.IsOver || generation != _generation) return;
        _dueAt = long.MaxValue;
        if (_isRunning)
        {
            _isSignalled = true;
            return;
        }

        if (host.PausedUntil > host.World.Now)
        {
            Schedule(host.PausedUntil - host.World.Now);
            return;
        }

        Step();
    }

    private void Step()
    {
        (_isRunning, _isSignalled) = (true, false);
        var outer = host.Running;
        host.Running = this;
        try
        {
            var next = step();
            if (next >= 0) Schedule(next);
        }
        catch (SimulatedCrashException)
        {
            // The node is down; whoever made it so has seen to the rest.
        }
        catch (Exception error)
        {
            host.Fault(ShardFault.Of(error));
        }
        finally
        {
            host.Running = outer;
            _isRunning = false;
        }

        if (_isSignalled && !host.IsOver) Schedule(host.World.Random.Below(SignalNanosecondsMax));
    }
}
