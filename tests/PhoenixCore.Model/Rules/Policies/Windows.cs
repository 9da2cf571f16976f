using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>When the window that holds a stamp began, unix nanoseconds.</summary>
internal static class Windows
{
    private const long DayNanoseconds = 24L * 60 * 60 * 1_000_000_000;

    public static long Start(LimitWindow window, long duration, long stamp)
    {
        var day = stamp / DayNanoseconds; // stamps are after the epoch
        return window switch
        {
            LimitWindow.Day => day * DayNanoseconds,
            LimitWindow.Week => Math.Max(0, (day - Weekday(day)) * DayNanoseconds), // the first week begins with the epoch, a Thursday
            LimitWindow.Month => (day - DateTime.UnixEpoch.AddDays(day).Day + 1) * DayNanoseconds,
            LimitWindow.Duration => stamp / duration * duration,
            _ => 0,
        };
    }

    /// <summary>Monday is 0; the epoch was a Thursday.</summary>
    public static int Weekday(long day) => (int)(((day + 3) % 7 + 7) % 7);

    /// <summary>Whether the stamp lies within the hours, by the zone's clock.</summary>
    public static bool Holds(ScheduleRule rule, long stamp)
    {
        var seconds = stamp / 1_000_000_000;
        var offset = rule.Zone.LastOrDefault(change => change.At <= seconds).Offset;
        var local = seconds + offset;
        var day = Math.DivRem(local, 86_400, out var rest);
        if (rest < 0) (day, rest) = (day - 1, rest + 86_400);
        var minute = (int)(rest / 60);
        bool On(long which) => rule.Days == 0 || (rule.Days >> Weekday(which) & 1) != 0;
        if (rule.From < rule.To) return On(day) && minute >= rule.From && minute < rule.To;
        return (On(day) && minute >= rule.From) || (On(day - 1) && minute < rule.To);
    }
}
