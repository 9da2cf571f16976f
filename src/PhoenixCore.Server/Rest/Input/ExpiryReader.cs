using System.Globalization;
using System.Text.Json;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Input;

/// <summary>Reads when something expires, as unix nanoseconds.</summary>
internal static class ExpiryReader
{
    private const long SecondsMax = 100L * 366 * 86_400;
    private const string NotATime = "must be an ISO 8601 time with an offset, such as 2030-01-31T12:00:00Z, before 2262";

    /// <returns>Null, or what is wrong.</returns>
    public static string? ReadTime(ref Utf8JsonReader reader, out long expiresAt)
    {
        expiresAt = 0;
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out expiresAt)) return null;
        reader.Skip();
        return NotATime;
    }

    /// <returns>Null, or what is wrong.</returns>
    public static string? ReadDuration(ref Utf8JsonReader reader, TimeProvider time, out long expiresAt, OperationRequest request)
    {
        expiresAt = 0;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var seconds) || seconds is < 1 or > SecondsMax)
        {
            reader.Skip();
            return "must be a whole number of seconds, at least 1";
        }

        request.ExpiresIn = seconds * 1_000_000_000;
        expiresAt = UnixTime.Of(time.GetUtcNow()) + request.ExpiresIn;
        return null;
    }

    /// <summary>A time without an offset could mean any zone, so it is none.</summary>
    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length is < 17 or > 40 || text[10] is not ('T' or 't')) return false;
        if (text[^1] is not ('Z' or 'z') && text.AsSpan(11).IndexOfAny('+', '-') < 0) return false;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && UnixTime.TryOf(time, out nanoseconds);
    }
}
