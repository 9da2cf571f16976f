using System.Collections.Concurrent;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>An IANA time zone as its offsets from 2020 to 2100: rules then need no zone data, and a version keeps the clock it was written for.</summary>
internal static class ZoneReader
{
    private static readonly DateTime First = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Last = new(2101, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly ConcurrentDictionary<string, IReadOnlyList<ZoneTransition>> Known = new(StringComparer.Ordinal);

    /// <exception cref="PolicySyntaxException">No such zone.</exception>
    public static IReadOnlyList<ZoneTransition> Read(string name)
    {
        if (name is "UTC" or "Etc/UTC" or "Z") return [];
        if (Known.TryGetValue(name, out var known)) return known;
        if (name.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) throw new PolicySyntaxException($"time_zone {name} is not known");
        return Known[name] = TransitionsOf(zone);
    }

    private static List<ZoneTransition> TransitionsOf(TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(First);
        var transitions = new List<ZoneTransition> { new(long.MinValue, (int)offset.TotalSeconds) };
        for (var day = First; day < Last; day = day.AddDays(1))
        {
            var next = zone.GetUtcOffset(day.AddDays(1));
            if (next == offset) continue;
            transitions.Add(new ZoneTransition(MomentOf(zone, day, day.AddDays(1), offset), (int)next.TotalSeconds));
            offset = next;
        }

        return transitions;
    }

    /// <summary>Unix seconds of the first second that has another offset.</summary>
    private static long MomentOf(TimeZoneInfo zone, DateTime from, DateTime to, TimeSpan offset)
    {
        var (low, high) = (0L, (long)(to - from).TotalSeconds);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (zone.GetUtcOffset(from.AddSeconds(middle)) == offset) low = middle;
            else high = middle;
        }

        return (from.AddSeconds(high).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
    }
}
