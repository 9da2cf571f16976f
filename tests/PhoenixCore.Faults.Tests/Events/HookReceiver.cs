using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Faults.Tests.Events;

/// <summary>A receiver of two webhooks, one in no order and one in order by wallet; it checks signatures, refuses some first attempts, and outlives the server.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    public const string Secret = "a secret that both sides know";

    /// <summary>Of so many events one is refused at its first attempt; few, because the next attempt comes after five seconds.</summary>
    private const ulong RefusedInAny = 211;
    private const ulong RefusedInOrder = 1_009;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ulong> _newest = [];
    private readonly ConcurrentDictionary<string, ulong> _newestOfRound = [];
    private int _connections;
    private int _refused;

    private HookReceiver(WebApplication app) => _app = app;

    public Seen Any { get; } = new("webhook", inOrder: false);

    public Seen InOrder { get; } = new("webhook in order by wallet", inOrder: false);

    public Uri Address { get; private set; } = null!;

    /// <summary>Attempts that were answered with 500.</summary>
    public int Refused => _refused;

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        HookReceiver? made = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Use(next => connection => made!.CountAsync(next, connection))));
        var receiver = made = new HookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        receiver.Address = new Uri(receiver._app.Urls.First());
        return receiver;
    }

    /// <summary>Waits until everything that a server sent before its end has been looked at: its connections are closed.</summary>
    public async Task EndRoundAsync()
    {
        for (var i = 0; i < 3_000 && Volatile.Read(ref _connections) > 0; i++) await Task.Delay(10);
        Assert.True(Volatile.Read(ref _connections) == 0, "connections of a killed server stay open");
        _newestOfRound.Clear();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task CountAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            return; // cut off by a kill: nothing whole came
        }

        Take(http, body.ToArray());
    }

    private void Take(HttpContext http, byte[] body)
    {
        var (isOrdered, headers) = (http.Request.Path == "/in-order", http.Request.Headers);
        var seen = isOrdered ? InOrder : Any;
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var (id, sequence) = (root.GetProperty("id").GetString()!, ulong.Parse(root.GetProperty("sequence").GetString().AsSpan(4), CultureInfo.InvariantCulture));
        if (headers["webhook-id"] != id || headers["X-Webhook-Signature"] != new WebhookSecret(Secret).SignBody(body)) seen.Wrong.Enqueue($"{seen.Consumer}: event {sequence} came as {headers["webhook-id"]}, or signed wrongly");
        if (isOrdered && root.GetProperty("wallet_id").GetString() is { } wallet) CheckOrder(wallet, sequence);
        seen.Take(sequence, id, root.GetProperty("transaction_id").GetString()!, body);
        if (headers["X-Webhook-Attempt"] != "1" || sequence % (isOrdered ? RefusedInOrder : RefusedInAny) != 0) return;
        Interlocked.Increment(ref _refused);
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    /// <summary>A wallet's deliveries come one at a time. In one life of the server they never go back; over all lives what is new is newer than all before.</summary>
    private void CheckOrder(string wallet, ulong sequence)
    {
        if (_newestOfRound.TryGetValue(wallet, out var before) && sequence < before) InOrder.Wrong.Enqueue($"{InOrder.Consumer}: {sequence} came after {before}");
        _newestOfRound[wallet] = sequence;
        if (_newest.TryGetValue(wallet, out var newest) && sequence < newest && !InOrder.Has(sequence)) InOrder.Wrong.Enqueue($"{InOrder.Consumer}: {sequence} came for the first time after {newest}");
        _newest[wallet] = Math.Max(newest, sequence);
    }
}
