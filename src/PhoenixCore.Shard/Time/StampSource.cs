namespace PhoenixCore.Shard.Time;

/// <summary>Gives the sequencer its stamps: they never decrease, follow the boot clock, and slew towards wall time.</summary>
/// <remarks>
/// A wall clock set back makes stamps run slower until it has caught up. One set forward by more than <see cref="ForwardJumpMax"/> is not
/// believed: a false year would expire everything for ever. Stamping then stops (the shard refuses with ClockSuspect) until the wall clock
/// returns or an operator calls <see cref="Accept"/>. One thread.
/// </remarks>
public sealed class StampSource
{
    /// <summary>Nanoseconds; larger steps of the wall clock need an operator.</summary>
    public const long ForwardJumpMax = 60L * 1_000_000_000;

    /// <summary>Slewing: one part in this many of the time passed (0.1 %), faster than any oscillator drifts.</summary>
    private const long SlewDivisor = 1_000;

    private readonly IClock _clock;
    private long _last;
    private long _lastBoot;
    private volatile bool _accept;

    /// <param name="lastStamp">Of the newest fact in the journal; 0 = none.</param>
    public StampSource(IClock clock, long lastStamp)
    {
        _clock = clock;
        _lastBoot = clock.BootNanoseconds;
        _last = Math.Max(lastStamp, clock.WallNanoseconds); // a start may follow months of silence: here the wall clock is believed
    }

    /// <summary>True while the wall clock lies too far ahead to be believed.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Believes the wall clock at the next stamp; any thread.</summary>
    public void Accept() => _accept = true;

    /// <summary>Unix nanoseconds, not less than the one before. Check <see cref="IsSuspect"/> after it.</summary>
    public long Next()
    {
        var boot = _clock.BootNanoseconds;
        var passed = Math.Max(0, boot - _lastBoot);
        _lastBoot = boot;
        var expected = _last + passed;
        var ahead = _clock.WallNanoseconds - expected; // how far the wall clock lies in front of us
        IsSuspect = ahead > ForwardJumpMax && !_accept;
        if (ahead > ForwardJumpMax && _accept) expected += ahead;
        else if (!IsSuspect) expected += Math.Clamp(ahead, -(passed / SlewDivisor), passed / SlewDivisor);
        if (!IsSuspect) _accept = false;
        return _last = expected;
    }
}
