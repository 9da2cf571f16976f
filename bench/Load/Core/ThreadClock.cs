using System.Runtime.InteropServices;

namespace PhoenixCore.Bench.Load.Core;

/// <summary>Processor time of the calling thread.</summary>
public static partial class ThreadClock
{
    private const int ClockThreadCpuTime = 3;

    public static double Seconds
    {
        get
        {
            if (ClockGetTime(ClockThreadCpuTime, out var time) != 0) throw new InvalidOperationException("the thread's clock cannot be read");
            return time.Seconds + (time.Nanoseconds / 1e9);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
