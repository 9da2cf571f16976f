namespace PhoenixCore.Client.Api;

/// <summary>Times of the wire are unix nanoseconds; those of .NET are 100 times coarser.</summary>
internal static class UnixNanoseconds
{
    private const long PerTick = 100;

    public static DateTimeOffset ToTime(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / PerTick);

    /// <summary>Zero stands for none.</summary>
    public static DateTimeOffset? ToOptionalTime(long nanoseconds) => nanoseconds == 0 ? null : ToTime(nanoseconds);

    public static long From(DateTimeOffset? time) => time is { } given ? (given - DateTimeOffset.UnixEpoch).Ticks * PerTick : 0;
}
