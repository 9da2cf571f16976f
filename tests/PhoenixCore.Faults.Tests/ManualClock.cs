using PhoenixCore.Shard.Time;

namespace PhoenixCore.Faults.Tests;

/// <summary>Time that stands still until the test moves it.</summary>
internal sealed class ManualClock : IClock
{
    private long _wall = 1_800_000_000_000_000_000;
    private long _boot = 1_000_000_000;

    public long WallNanoseconds => Volatile.Read(ref _wall);

    public long BootNanoseconds => Volatile.Read(ref _boot);

    public void AdvanceNanoseconds(long by)
    {
        Interlocked.Add(ref _wall, by);
        Interlocked.Add(ref _boot, by);
    }
}
