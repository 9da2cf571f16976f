using System.Buffers.Text;

namespace PhoenixCore.Server.Rest;

/// <summary>Unix nanoseconds, as the ledger counts, to and from calendar times.</summary>
internal static class UnixTime
{
    private const long NanosecondsPerTick = 100;
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Characters of <see cref="Write"/>.</summary>
    public const int TextLength = 24;

    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick;

    /// <summary>False for times past the year 2262, which nanoseconds do not reach.</summary>
    public static bool TryOf(DateTimeOffset time, out long nanoseconds)
    {
        var ticks = (Int128)(time.UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick;
        nanoseconds = ticks > long.MaxValue ? 0 : (long)Int128.Max(ticks, 1); // 0 would mean "not given"; the ledger refuses 1 as past
        return ticks <= long.MaxValue;
    }

    /// <summary>ISO 8601 in UTC with milliseconds: <c>2026-01-31T12:00:00.000Z</c>.</summary>
    public static void Write(long nanoseconds, Span<byte> to)
    {
        var time = DateTime.UnixEpoch.AddMilliseconds(nanoseconds / NanosecondsPerMillisecond);
        Span<byte> exact = stackalloc byte[33];
        Utf8Formatter.TryFormat(time, exact, out _, 'O');
        exact[..(TextLength - 1)].CopyTo(to);
        to[TextLength - 1] = (byte)'Z';
    }
}
