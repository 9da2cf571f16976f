using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PhoenixCore.Server.Tests.Webhooks;

/// <summary>A receiver of webhooks that answers what a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> All { get; } = [];

    /// <summary>Answers one delivery; null = 200.</summary>
    public Func<HttpContext, Received, Task>? Answer { get; set; }

    public string Url { get; private set; } = "";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        receiver.Url = app.Urls.First() + "/hook";
        return receiver;
    }

    /// <summary>Waits until so many have come.</summary>
    public async Task<Received[]> WaitAsync(int count, int seconds = 20)
    {
        for (var i = 0; i < seconds * 50 && All.Count < count; i++) await Task.Delay(20);
        Assert.True(All.Count >= count, $"{All.Count} of {count} deliveries came");
        return [.. All];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var memory = new MemoryStream();
        await http.Request.Body.CopyToAsync(memory);
        var received = new Received(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), memory.ToArray());
        All.Enqueue(received);
        if (Answer != null) await Answer(http, received);
    }
}

internal sealed record Received(Dictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public string Id => Headers["webhook-id"];
}
