using System.Globalization;

namespace PhoenixCore.Server.Webhooks;

/// <summary>When a delivery is tried again: the times of Standard Webhooks, 75.6 hours in all, each a fifth more or less.</summary>
public static class RetrySchedule
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The first attempt and its repetitions.</summary>
    public static int AttemptsMax => Waits.Length + 1;

    /// <param name="failed">Attempts that have failed, from 1.</param>
    /// <param name="retryAfter">What the receiver asked for; counts when it is longer.</param>
    /// <returns>Null: no more.</returns>
    public static TimeSpan? After(int failed, TimeSpan? retryAfter, double scale = 1)
    {
        if (failed > Waits.Length) return null;
        var wait = Waits[failed - 1] * scale * (0.8 + (Random.Shared.NextDouble() * 0.4));
        return retryAfter > wait ? retryAfter : wait;
    }

    /// <summary>Seconds or a date; capped at a day.</summary>
    public static TimeSpan? ParseRetryAfter(string? value, DateTimeOffset now)
    {
        if (value is null) return null;
        var wait = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - now : TimeSpan.Zero;
        return wait <= TimeSpan.Zero ? null : wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait;
    }
}
