using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Subscriptions to events by webhook, and their deliveries.</summary>
internal sealed class WebhookHandlers(CommandRunner runner, WebhookDesk desk)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/webhooks", Scope.WebhooksWrite, CreateAsync, NeedsKey: true),
        new("GET", "/webhooks", Scope.WebhooksRead, List, NeedsKey: false),
        new("GET", "/webhooks/{id}", Scope.WebhooksRead, Get, NeedsKey: false),
        new("PATCH", "/webhooks/{id}", Scope.WebhooksWrite, ChangeAsync, NeedsKey: true),
        new("PUT", "/webhooks/{id}", Scope.WebhooksWrite, ChangeAsync, NeedsKey: true),
        new("DELETE", "/webhooks/{id}", Scope.WebhooksWrite, DeleteAsync, NeedsKey: true),
        new("POST", "/webhooks/{id}/test", Scope.WebhooksWrite, TestAsync, NeedsKey: false),
        new("POST", "/webhooks/{id}/rotate-secret", Scope.WebhooksWrite, RotateAsync, NeedsKey: true),
        new("POST", "/webhooks/{id}/replay", Scope.WebhooksWrite, ReplayAsync, NeedsKey: false),
        new("GET", "/webhooks/{id}/deliveries", Scope.WebhooksRead, Deliveries, NeedsKey: false),
        new("POST", "/webhooks/{id}/deliveries/{delivery}/retry", Scope.WebhooksWrite, RetryAsync, NeedsKey: false),
    ];

    private async ValueTask CreateAsync(RestCall call)
    {
        var wish = WishOf(new AdminBody(await runner.ReadBytesAsync(call), "url", "events", "secret", "metadata", "wallet_id", "ordering"));
        var (pump, secret) = await desk.CreateAsync(call.Tenant, wish, call.Key, call.Dialect == Dialect.Concepts, runner.Patience);
        if (secret is null) MarkReplay(call);
        Send(call, pump, secret, StatusCodes.Status201Created);
    }

    private ValueTask Get(RestCall call)
    {
        Send(call, Find(call), secret: null, StatusCodes.Status200OK);
        return default;
    }

    private ValueTask List(RestCall call)
    {
        var page = Page.Of(call);
        var after = 0UL;
        if (page.Cursor is { } cursor && !call.Tenant.Ids.TryParse(IdKind.Webhook, cursor, out after)) throw new ApiErrorException(Page.UnknownCursor);
        var rows = desk.List(call.Tenant, after, page.Limit + 1);
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var pump in rows.Take(page.Limit)) WebhookJson.Write(body, call.Tenant, pump, secret: null);
        Page.Close(body, rows.Length > page.Limit ? call.Tenant.Ids.Format(IdKind.Webhook, rows[page.Limit - 1].Endpoint.Number) : null);
        body.Send(call.Http, StatusCodes.Status200OK);
        return default;
    }

    private async ValueTask ChangeAsync(RestCall call)
    {
        var pump = Find(call);
        var wish = WishOf(new AdminBody(await runner.ReadBytesAsync(call), "url", "events", "metadata", "wallet_id", "ordering", "status"));
        await desk.ChangeAsync(call.Tenant, pump, wish, runner.Patience);
        Send(call, pump, secret: null, StatusCodes.Status200OK);
    }

    private async ValueTask DeleteAsync(RestCall call)
    {
        if (await desk.DeleteAsync(call.Tenant, call.Parameters[0], call.Key, runner.Patience)) MarkReplay(call);
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async ValueTask TestAsync(RestCall call)
    {
        var pump = Find(call);
        _ = new AdminBody(await runner.ReadBytesAsync(call)); // it has no members
        var attempt = await desk.TestAsync(call.Tenant, pump, call.Http.RequestAborted);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WebhookJson.Write(body, attempt);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask RotateAsync(RestCall call)
    {
        var pump = Find(call);
        _ = new AdminBody(await runner.ReadBytesAsync(call)); // it has no members
        var secret = desk.Rotate(pump, call.Key);
        if (secret is null) MarkReplay(call);
        Send(call, pump, secret, StatusCodes.Status200OK);
    }

    /// <summary>A range of the stream, or all that was given up.</summary>
    private async ValueTask ReplayAsync(RestCall call)
    {
        var pump = Find(call);
        var body = new AdminBody(await runner.ReadBytesAsync(call), "from_sequence", "to_sequence", "failed");
        var count = body.Switch("failed") == true ? WebhookDesk.ReplayFailed(pump) : desk.Replay(call.Tenant, pump, SequenceOf(body, "from_sequence"), SequenceOf(body, "to_sequence"));
        var answer = JsonBody.Start(call.Dialect);
        answer.OpenEnvelope();
        answer.Json.WriteStartObject();
        answer.Json.WriteNumber("queued"u8, count);
        answer.Json.WriteEndObject();
        answer.CloseEnvelope();
        answer.Send(call.Http, StatusCodes.Status202Accepted);
    }

    private ValueTask Deliveries(RestCall call)
    {
        var pump = Find(call);
        var page = Page.Of(call);
        var below = ulong.MaxValue;
        if (page.Cursor is { } cursor && !call.Tenant.Ids.TryParse(IdKind.Delivery, cursor, out below)) throw new ApiErrorException(Page.UnknownCursor);
        bool? isDead = call.Query("status") switch
        {
            null => null,
            "pending" => false,
            "failed" => true,
            _ => throw new ApiErrorException(ApiError.Invalid("status", "must be pending or failed")),
        };
        var rows = WebhookDesk.Deliveries(pump, below, isDead, page.Limit + 1);
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var row in rows.Take(page.Limit)) WebhookJson.Write(body, call.Tenant, row.Delivery, row.IsDead);
        Page.Close(body, rows.Length > page.Limit ? call.Tenant.Ids.Format(IdKind.Delivery, rows[page.Limit - 1].Delivery.Event) : null);
        body.Send(call.Http, StatusCodes.Status200OK);
        return default;
    }

    private async ValueTask RetryAsync(RestCall call)
    {
        var pump = Find(call);
        _ = new AdminBody(await runner.ReadBytesAsync(call)); // it has no members
        var delivery = desk.Retry(call.Tenant, pump, call.Parameters[1]);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WebhookJson.Write(body, call.Tenant, delivery, isDead: false);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status202Accepted);
    }

    private EndpointPump Find(RestCall call) => desk.Find(call.Tenant, call.Parameters[0]);

    private static WebhookWish WishOf(AdminBody body) => new()
    {
        Url = body.Text("url"),
        Events = body.Texts("events"),
        Secret = body.Text("secret"),
        Wallet = body.Text("wallet_id"),
        IsOrderedByWallet = body.Text("ordering") switch
        {
            null => null,
            "none" => false,
            "wallet" => true,
            _ => throw AdminBody.Invalid("ordering must be none or wallet"),
        },
        Metadata = body.ObjectText("metadata", WebhookDesk.MetadataBytesMax),
        IsDisabled = body.Text("status")?.ToLowerInvariant() switch
        {
            null => null,
            "active" => false,
            "disabled" => true,
            _ => throw AdminBody.Invalid("status must be active or disabled"),
        },
    };

    private static ulong SequenceOf(AdminBody body, string name) =>
        body.TextOrNumber(name) is { } text && EventSequence.TryParse(text, out var number) ? number : throw AdminBody.Invalid($"{name} must be seq_ and digits, or a number; or failed must be true");

    private static void MarkReplay(RestCall call) => call.Http.Response.Headers["Idempotent-Replayed"] = "true";

    private static void Send(RestCall call, EndpointPump pump, WebhookSecret? secret, int status)
    {
        if (secret != null) call.Http.Response.Headers.CacheControl = "no-store";
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WebhookJson.Write(body, call.Tenant, pump, secret);
        body.CloseEnvelope();
        body.Send(call.Http, status);
    }
}
