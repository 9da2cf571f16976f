namespace PhoenixCore.Shard.Time;

/// <summary>The two clocks a shard knows; tests put their own in.</summary>
public interface IClock
{
    /// <summary>Unix nanoseconds, as the machine believes; may jump.</summary>
    long WallNanoseconds { get; }

    /// <summary>Nanoseconds since boot, suspended time included; never jumps.</summary>
    long BootNanoseconds { get; }
}
