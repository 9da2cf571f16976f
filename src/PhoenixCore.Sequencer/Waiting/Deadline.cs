using System.Diagnostics;

namespace PhoenixCore.Sequencer;

/// <summary>The end of one wait on the monotonic clock; it bounds how long a thread idles and decides nothing else.</summary>
internal readonly struct Deadline
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    // On Linux the frequency is 10^9, so a tick is a nanosecond and both conversions are exact.
    private readonly long _ticks;

    private Deadline(long ticks) => _ticks = ticks;

    public bool IsOver => Stopwatch.GetTimestamp() >= _ticks;

    public long NanosecondsLeft => (_ticks - Stopwatch.GetTimestamp()) * (NanosecondsPerSecond / Stopwatch.Frequency);

    public static Deadline In(int microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        return new(Stopwatch.GetTimestamp() + microseconds * (Stopwatch.Frequency / 1_000_000));
    }
}
