using PhoenixCore.Shard.Time;

namespace PhoenixCore.Simulation.World;

/// <summary>One machine's clocks: the wall clock may jump and stand still, the boot clock begins anew with the machine.</summary>
internal sealed class SimClock(SimWorld world) : IClock
{
    private const long Epoch = 1_800_000_000_000_000_000;
    private long _wallOffset;
    private long _frozenAt = -1;
    private long _bootedAt;

    public long WallNanoseconds => Epoch + _wallOffset + (_frozenAt >= 0 ? _frozenAt : world.Now);

    public long BootNanoseconds => 1_000_000_000 + world.Now - _bootedAt;

    public void JumpWall(long nanoseconds) => _wallOffset += nanoseconds;

    /// <summary>The wall clock stands still until <see cref="Thaw"/>.</summary>
    public void Freeze() => _frozenAt = _frozenAt >= 0 ? _frozenAt : world.Now;

    public void Thaw()
    {
        if (_frozenAt >= 0) _wallOffset -= world.Now - _frozenAt;
        _frozenAt = -1;
    }

    /// <summary>The operator sets it right.</summary>
    public void Correct() => (_wallOffset, _frozenAt) = (0, -1);

    public void Reboot() => _bootedAt = world.Now;
}
