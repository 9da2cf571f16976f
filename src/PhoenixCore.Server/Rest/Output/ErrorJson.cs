namespace PhoenixCore.Server.Rest.Output;

/// <summary>The error body, the same in both dialects.</summary>
internal static class ErrorJson
{
    private const string RetryAfterSeconds = "1";

    public static void Send(HttpContext http, ApiError error)
    {
        var body = JsonBody.Start(Dialect.Concepts);
        var json = body.Json;
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        if (error.Details is { } details)
        {
            json.WriteStartArray("details"u8);
            foreach (var (field, message) in details)
            {
                json.WriteStartObject();
                json.WriteString("field"u8, field);
                json.WriteString("message"u8, message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        if (error.Status is 429 or 503 && http.Response.Headers.RetryAfter.Count == 0) http.Response.Headers.RetryAfter = RetryAfterSeconds;
        if (error.Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer";
        body.Send(http, error.Status);
    }
}
