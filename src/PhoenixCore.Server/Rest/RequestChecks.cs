using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest;

/// <summary>What every request has to pass before its body is read.</summary>
internal static class RequestChecks
{
    private const string DeadlineHeader = "X-Deadline-Ms";
    private const string KeyHeader = "Idempotency-Key";
    private const string RequestIdHeader = "X-Request-Id";
    private const int RequestIdMax = 128;
    private const long DeadlineMax = 24L * 3_600 * 1_000;

    /// <summary>Null, or why the request's framing is refused: a proxy in front might read it in another way than Kestrel does.</summary>
    public static ApiError? OfFraming(HttpContext http)
    {
        var headers = http.Request.Headers;
        var encoding = headers.TransferEncoding;
        if (encoding.Count == 0) return null;
        if (encoding.Count > 1 || !string.Equals(encoding[0], "chunked", StringComparison.OrdinalIgnoreCase)) return ApiError.Invalid("the only transfer coding is chunked, once");
        // Kestrel drops a Content-Length that stands beside it and keeps the value under this name.
        return headers.ContainsKey("X-Content-Length") || headers.ContentLength != null ? ApiError.Invalid("Content-Length and Transfer-Encoding exclude each other") : null;
    }

    /// <summary>Null, or why the body is refused before a byte of it is read.</summary>
    public static ApiError? OfBody(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentLength > RequestLimits.BodyBytesMax) return ApiError.TooLarge;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = RequestLimits.BodyBytesMax;
        if (request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0) return null;
        return IsJson(request.ContentType) && request.Headers.ContentEncoding.Count == 0 ? null : ApiError.NotJson;
    }

    public static string RequestId(HttpContext http)
    {
        var given = http.Request.Headers[RequestIdHeader];
        return given is [{ Length: > 0 and <= RequestIdMax } id] && System.Text.Ascii.IsValid(id) && IsPrintable(id) ? id : http.TraceIdentifier;
    }

    public static string? Key(HttpContext http)
    {
        var values = http.Request.Headers[KeyHeader];
        if (values.Count == 0) return null;
        return values is [{ Length: > 0 and <= RequestLimits.TextMax } key] && IsPrintable(key) ? key
            : throw new ApiErrorException(ApiError.Invalid(KeyHeader, "must be given once, with 1 to 255 printable characters"));
    }

    /// <summary>Milliseconds from now, as unix nanoseconds.</summary>
    public static long Deadline(HttpContext http, TimeProvider time)
    {
        var values = http.Request.Headers[DeadlineHeader];
        if (values.Count == 0) return 0;
        if (values.Count > 1 || !long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > DeadlineMax)
            throw new ApiErrorException(ApiError.Invalid(DeadlineHeader, "must be milliseconds from now, at most a day"));
        return Math.Max(1, UnixTime.Of(time.GetUtcNow()) + (milliseconds * 1_000_000));
    }

    /// <summary>No control characters, no lone surrogates.</summary>
    public static bool IsPrintable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])) return false;
        }

        return true;
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType is null) return false;
        var semicolon = contentType.IndexOf(';', StringComparison.Ordinal);
        var type = (semicolon < 0 ? contentType.AsSpan() : contentType.AsSpan(0, semicolon)).Trim();
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return false;
        if (semicolon < 0) return true;
        var parameters = contentType.AsSpan(semicolon + 1).Trim();
        return !parameters.StartsWith("charset", StringComparison.OrdinalIgnoreCase) || parameters.Contains("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
