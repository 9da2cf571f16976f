using System.Globalization;
using System.Text;
using System.Text.Json;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest;

/// <summary>Which rows of a list are wanted. A cursor is base64 of a JSON object with the id of the last row that was shown.</summary>
/// <param name="Limit">1 to 100.</param>
/// <param name="Cursor">The id within the cursor; null = from the first row.</param>
internal sealed record Page(int Limit, string? Cursor)
{
    public static readonly ApiError UnknownCursor = ApiError.Invalid("cursor", "is not one that this list has given out");

    public static Page Of(RestCall call)
    {
        var limit = RequestLimits.PageDefault;
        if (call.Query("limit") is { } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) || wanted < 1) throw new ApiErrorException(ApiError.Invalid("limit", "must be a number, at least 1"));
            limit = (int)Math.Min(wanted, RequestLimits.PageMax);
        }

        return new Page(limit, call.Query("cursor") is { } cursor ? IdOf(cursor) : null);
    }

    public static void Open(JsonBody to)
    {
        to.Json.WriteStartObject();
        to.Json.WriteStartArray("data"u8);
    }

    /// <param name="lastId">Of the last row, when more follow; null = no more.</param>
    public static void Close(JsonBody to, string? lastId)
    {
        to.Json.WriteEndArray();
        to.Json.WriteStartObject("pagination"u8);
        to.Json.WriteBoolean("has_more"u8, lastId != null);
        to.Json.WriteString("next_cursor"u8, lastId is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"id\":{JsonSerializer.Serialize(lastId)}}}")));
        to.Json.WriteEndObject();
        to.Json.WriteEndObject();
    }

    private static string IdOf(string cursor)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(cursor));
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var id)
                && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 and <= RequestLimits.TextMax } text) return text;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // Nothing that this server made; answered below.
        }

        throw new ApiErrorException(UnknownCursor);
    }
}
