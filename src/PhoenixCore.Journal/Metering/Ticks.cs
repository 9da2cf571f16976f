using System.Diagnostics;

namespace PhoenixCore.Journal.Metering;

/// <summary>The monotonic clock in nanoseconds, for durations.</summary>
public static class Ticks
{
    private static readonly double Nanoseconds = 1e9 / Stopwatch.Frequency;

    public static long Now => Stopwatch.Frequency == 1_000_000_000 ? Stopwatch.GetTimestamp() : (long)(Stopwatch.GetTimestamp() * Nanoseconds);
}
