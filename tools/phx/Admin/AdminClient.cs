using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Tools.Admin;

/// <summary>Asks a running server over REST, with the operator's key from the environment: an argument would stand in the list of processes.</summary>
internal sealed class AdminClient : IDisposable
{
    public const string KeyVariable = "PHOENIX_API_KEY";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    /// <exception cref="ToolException">There is no key, or the address is none to send one to.</exception>
    /// <param name="patience">How long an answer may take; null = half a minute.</param>
    public AdminClient(string address, TimeSpan? patience = null)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")) throw new ToolException(ExitCode.Usage, $"--url takes an address such as http://127.0.0.1:8080, not '{address}'.");
        if (server.Scheme == "http" && !server.IsLoopback) throw new ToolException(ExitCode.Usage, "--url: a key is sent in clear text to this machine only; take https.");
        if (Environment.GetEnvironmentVariable(KeyVariable) is not { Length: > 0 } key) throw new ToolException(ExitCode.Usage, $"{KeyVariable} holds no key.");
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = server, Timeout = patience ?? Timeout };
        if (!_http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key)) throw new ToolException(ExitCode.Usage, $"{KeyVariable} holds no key.");
    }

    public JsonElement Get(string path) => Send(HttpMethod.Get, path, null);

    /// <summary>Once: a repetition by the transport is the same request for the server.</summary>
    public JsonElement Post(string path, object body) => Send(HttpMethod.Post, path, JsonSerializer.Serialize(body));

    /// <summary>All rows of a list, page by page.</summary>
    public IEnumerable<JsonElement> List(string path)
    {
        string? cursor = null;
        do
        {
            var page = Get($"{path}?limit=100{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            foreach (var row in page.GetProperty("data").EnumerateArray()) yield return row;
            cursor = page.GetProperty("pagination").GetProperty("next_cursor").GetString();
        }
        while (cursor != null);
    }

    /// <summary>Copies an answer of any length into a stream.</summary>
    public void Download(string path, Stream to)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1" + path);
            using var response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead);
            using var answer = response.Content.ReadAsStream();
            if (response.IsSuccessStatusCode)
            {
                answer.CopyTo(to);
                return;
            }

            using var document = JsonDocument.Parse(answer);
            throw Refusal(response.StatusCode, document.RootElement.GetProperty("error"));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or HttpIOException)
        {
            throw new ToolException(ExitCode.Unavailable, $"{_http.BaseAddress} does not answer, or broke off: {e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A segment of a path.</summary>
    public static string Escape(string text) => Uri.EscapeDataString(text);

    private JsonElement Send(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, "/v1" + path);
        if (body != null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        try
        {
            using var response = _http.Send(request);
            using var answer = response.Content.ReadAsStream();
            using var document = JsonDocument.Parse(answer);
            return response.IsSuccessStatusCode ? document.RootElement.Clone() : throw Refusal(response.StatusCode, document.RootElement.GetProperty("error"));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw new ToolException(ExitCode.Unavailable, $"{_http.BaseAddress} does not answer: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ToolException(ExitCode.Unavailable, $"{_http.BaseAddress} answers, but not like a PhoenixCore server.");
        }
    }

    private static ToolException Refusal(HttpStatusCode status, JsonElement error)
    {
        var code = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NoPermission,
            HttpStatusCode.NotFound => ExitCode.NotFound,
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => ExitCode.Unavailable,
            _ => ExitCode.Refused,
        };
        return new ToolException(code, $"{error.GetProperty("code").GetString()}: {error.GetProperty("message").GetString()}.");
    }
}
