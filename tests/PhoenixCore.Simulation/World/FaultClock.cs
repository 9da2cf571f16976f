using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.Node;

namespace PhoenixCore.Simulation.World;

/// <summary>Lets the faults that come by time happen to a node.</summary>
internal sealed class FaultClock
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;
    private const long LongPauseMax = 2 * Second;
    private const long StallMax = 3 * Second;
    private const long FullBytesMax = 3 << 20;

    /// <summary>No fault comes later, also where whoever would heal waits for a disk that waits for a process that stands still.</summary>
    public const long TroubleMax = 8 * Second;

    private readonly SimWorld _world;
    private readonly SimNode _node;
    private readonly Swarm _swarm;
    private readonly SplitMix64 _random;
    private bool _isHealed;

    public FaultClock(SimWorld world, SimNode node, Swarm swarm)
    {
        (_world, _node, _swarm) = (world, node, swarm);
        _random = world.Stream(7);
        foreach (var (kind, _) in swarm.Intervals.OrderBy(pair => pair.Key)) Plan(kind);
    }

    /// <summary>Disk and clock are not as they should be: a shard may refuse what would write.</summary>
    public bool MayRefuse { get; private set; }

    /// <summary>Everything is well from now on.</summary>
    public void Heal()
    {
        _isHealed = true;
        _node.Disk.IsActive = false;
        _node.Storage.FreeBytes = long.MaxValue;
        _node.Clock.Correct();
    }

    private void Plan(FaultKind kind) => _world.In(1 + (long)(_random.Next() % (ulong)(2 * _swarm.Intervals[kind])), () =>
    {
        if (_isHealed || _world.Now > TroubleMax) return;
        Strike(kind);
        Plan(kind);
    });

    private void Strike(FaultKind kind)
    {
        _world.Trace((ulong)kind);
        _world.Tell($"{kind}");
        switch (kind)
        {
            case FaultKind.PowerCut:
                _node.PowerCut(kind);
                return;
            case FaultKind.Kill:
                _node.Kill(kind);
                return;
            case FaultKind.Rot or FaultKind.Unreadable:
                return; // comes with the power cuts
        }

        _node.Faults.Count(kind, _node.State);
        switch (kind)
        {
            case FaultKind.Full:
                Fill();
                break;
            case FaultKind.Stall:
                _node.Disk.Stall(Shorter(StallMax, kind));
                break;
            case FaultKind.Pause:
                _node.Host.PausedUntil = _world.Now + Millisecond + (long)(_random.Next() % (ulong)Shorter(LongPauseMax, kind));
                break;
            case FaultKind.JumpForward:
                Jump(_random.Pick([5 * Second, 59 * Second, 3_600 * Second, 10 * 365 * 86_400 * Second]));
                break;
            case FaultKind.JumpBack:
                Jump(-_random.Pick([Second, 3_600 * Second, 10 * 365 * 86_400 * Second]));
                break;
            case FaultKind.Freeze:
                _node.Clock.Freeze();
                _world.In(1 + (long)(_random.Next() % (ulong)(20 * Second)), _node.Clock.Thaw);
                break;
            case FaultKind.WriteBack:
                _node.Storage.WriteBack((int)_random.Next());
                break;
        }
    }

    /// <summary>Not longer than the time to the next of its kind, or nothing else would ever happen.</summary>
    private long Shorter(long nanoseconds, FaultKind kind) => Math.Max(1, Math.Min(nanoseconds, _swarm.Intervals[kind]));

    private void Fill()
    {
        MayRefuse = true;
        _node.Storage.FreeBytes = (long)(_random.Next() % FullBytesMax);
        _node.ExpectsTrouble = true;
        _world.In(1 + (long)(_random.Next() % (ulong)Second), () => _node.Storage.FreeBytes = long.MaxValue);
    }

    private void Accept()
    {
        if (_node.Open is not { } shard) return;
        _node.History.IsClockAccepted = true;
        shard.AcceptClock();
    }

    /// <summary>An operator sets the clock right after a while, or says that it is.</summary>
    private void Jump(long nanoseconds)
    {
        MayRefuse = true;
        _node.Clock.JumpWall(nanoseconds);
        _world.In(1 + (long)(_random.Next() % (ulong)(2 * Second)), () =>
        {
            if (_random.Percent(50)) _node.Clock.Correct();
            else Accept();
        });
    }
}
