namespace PhoenixCore.Server.Auth;

/// <summary>A bucket of permissions that fills evenly. It may be overdrawn by one call, however large, and lets nothing in until that is paid back. Any thread.</summary>
/// <remarks>
/// The whole state is the time at which the bucket will be full again (the generic cell rate algorithm): taking moves it ahead, time catches up with it.
/// </remarks>
/// <param name="perSecond">Operations per second, at least 1.</param>
/// <param name="burst">Operations that a full bucket holds, at least 1.</param>
public sealed class RateBucket(int perSecond, int burst, TimeProvider time)
{
    private readonly double _ticksEach = (double)time.TimestampFrequency / perSecond;
    private long _fullAt = time.GetTimestamp();

    public int Burst => burst;

    /// <summary>A new one would be the same.</summary>
    public bool IsFull => Volatile.Read(ref _fullAt) <= time.GetTimestamp();

    /// <param name="operations">At least 1.</param>
    /// <returns>How it stands now, whether or not it let the call in.</returns>
    public RateState Take(int operations)
    {
        while (true)
        {
            var now = time.GetTimestamp();
            var seen = Volatile.Read(ref _fullAt);
            var missing = Math.Max(0, seen - now);
            if (missing > (burst - 1) * _ticksEach) return StateOf(missing, isAdmitted: false);
            var after = missing + (long)(operations * _ticksEach);
            if (Interlocked.CompareExchange(ref _fullAt, now + after, seen) == seen) return StateOf(after, isAdmitted: true);
        }
    }

    private RateState StateOf(long missingTicks, bool isAdmitted)
    {
        var remaining = Math.Max(0, burst - (int)Math.Ceiling(missingTicks / _ticksEach));
        var wait = isAdmitted ? 0 : (missingTicks - ((burst - 1) * _ticksEach)) / time.TimestampFrequency;
        return new RateState(isAdmitted, burst, remaining, TimeSpan.FromSeconds((double)missingTicks / time.TimestampFrequency), TimeSpan.FromSeconds(wait));
    }
}
