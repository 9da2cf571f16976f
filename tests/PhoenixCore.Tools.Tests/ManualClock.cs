using PhoenixCore.Shard.Time;

namespace PhoenixCore.Tools.Tests;

/// <summary>A clock that only the test moves; both of its hands together, so that nothing looks like a jump.</summary>
internal sealed class ManualClock : IClock
{
    private const long Start = 1_767_225_600L * 1_000_000_000; // 2026-01-01T00:00:00Z
    private long _passed;

    public long WallNanoseconds => Start + Volatile.Read(ref _passed);

    public long BootNanoseconds => Volatile.Read(ref _passed);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _passed, by.Ticks * 100);
}
