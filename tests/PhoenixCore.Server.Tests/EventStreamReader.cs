using System.Text.Json;

namespace PhoenixCore.Server.Tests;

/// <summary>A consumer of server-sent events, frame by frame.</summary>
internal sealed class EventStreamReader : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private HttpResponseMessage? _response;
    private StreamReader? _lines;

    public string ContentType => _response!.Content.Headers.ContentType!.MediaType!;

    public static async Task<EventStreamReader> OpenAsync(Uri server, string path, string? lastEventId = null, string key = TestServer.GivenKey)
    {
        var reader = new EventStreamReader();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (lastEventId != null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        reader._response = await reader._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)reader._response.StatusCode);
        reader._lines = new StreamReader(await reader._response.Content.ReadAsStreamAsync());
        return reader;
    }

    /// <summary>The next frame that is an event or a heartbeat.</summary>
    public async Task<(string Type, string Id, JsonElement Data)> NextAsync(int seconds = 10)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        string type = "", id = "", data = "";
        while (true)
        {
            var line = await _lines!.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException();
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data.Length > 0) return (type, id, JsonDocument.Parse(data).RootElement);
        }
    }

    public ValueTask DisposeAsync()
    {
        _lines?.Dispose();
        _response?.Dispose();
        _http.Dispose();
        return default;
    }
}
