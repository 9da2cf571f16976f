using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Tests.Health;

/// <summary>The system's clock, whose wall time a test sets ahead.</summary>
internal sealed class JumpingClock : IClock
{
    private readonly SystemClock _clock = new();
    private long _ahead;

    public long WallNanoseconds => _clock.WallNanoseconds + Volatile.Read(ref _ahead);

    public long BootNanoseconds => _clock.BootNanoseconds;

    public void Jump(TimeSpan by) => Volatile.Write(ref _ahead, (long)by.TotalNanoseconds);
}
