using System.Globalization;

namespace PhoenixCore.Tools.Rendering;

/// <summary>Ledger times as text: UTC, nine digits of a second, so that no two stamps look the same.</summary>
internal static class Stamp
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int FractionDigits = 9;

    /// <param name="nanoseconds">Unix nanoseconds.</param>
    public static string Format(long nanoseconds)
    {
        var seconds = Math.DivRem(nanoseconds, NanosecondsPerSecond, out var rest);
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss}.{rest:D9}Z");
    }

    /// <summary>Reads ISO 8601, with up to nine digits of a second; a time without a zone is UTC.</summary>
    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var fraction = 0L;
        var point = text.IndexOf('.');
        if (point >= 0)
        {
            var end = point + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            var digits = text[(point + 1)..end];
            if (digits.Length is 0 or > FractionDigits) return false;
            fraction = long.Parse(digits.PadRight(FractionDigits, '0'), CultureInfo.InvariantCulture);
            text = text[..point] + text[end..];
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] formats = ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd"];
        if (!DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, styles, out var time)) return false;
        var seconds = time.ToUnixTimeSeconds();
        if (seconds < 0 || seconds >= long.MaxValue / NanosecondsPerSecond) return false;
        nanoseconds = (seconds * NanosecondsPerSecond) + fraction;
        return true;
    }
}
