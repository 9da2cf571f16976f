using System.Runtime.InteropServices;

namespace PhoenixCore.Shard.Time;

/// <summary>The machine's clocks (Linux): CLOCK_REALTIME and CLOCK_BOOTTIME.</summary>
public sealed unsafe class SystemClock : IClock
{
    private const int Realtime = 0;
    private const int BootTime = 7;

    public long WallNanoseconds => Read(Realtime);

    public long BootNanoseconds => Read(BootTime);

    private static long Read(int clock)
    {
        TimeSpec time;
        _ = clock_gettime(clock, &time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    // Answered from the vDSO in tens of nanoseconds and never blocks, so the transition may be left out.
    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int clock_gettime(int clock, TimeSpec* time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
