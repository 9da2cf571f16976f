using System.Globalization;
using System.Text.RegularExpressions;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>ISO 8601 durations of fixed length: no years and no months, whose length depends on when they begin.</summary>
internal static partial class Durations
{
    private const long Second = 1_000_000_000;
    private const long SecondsMax = 50L * 366 * 86_400;

    /// <summary>Nanoseconds; null when it is none, or longer than 50 years.</summary>
    public static long? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || text.EndsWith('P') || text.EndsWith('T')) return null;
        long seconds = 0;
        foreach (var (group, length) in (ReadOnlySpan<(int, long)>)[(1, 604_800), (2, 86_400), (3, 3_600), (4, 60), (5, 1)])
        {
            if (match.Groups[group].Success) seconds += long.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) * length;
        }

        return seconds is > 0 and <= SecondsMax ? seconds * Second : null;
    }

    [GeneratedRegex(@"^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$")]
    private static partial Regex Form();
}
