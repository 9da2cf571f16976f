using System.Globalization;
using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Rest;

/// <summary>Tells a caller how its rate stands.</summary>
internal static class RateHeaders
{
    public static void Write(HttpContext http, in RateState rate)
    {
        var headers = http.Response.Headers;
        headers["X-RateLimit-Limit"] = rate.Limit.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Remaining"] = rate.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["X-RateLimit-Reset"] = Seconds(rate.FullIn);
        if (!rate.IsAdmitted) headers.RetryAfter = Seconds(rate.RetryIn);
    }

    /// <summary>Whole seconds, never too few.</summary>
    private static string Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
