using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Subscriptions to events by webhook, and their deliveries.</summary>
internal sealed class WebhookHandlers(CommandRunner runner, WebhookDispatcher dispatcher, WebhookServices services)
{
    private const int SecretLengthMin = 16;
    private const int MetadataBytesMax = 4_096;
    private const int ReplayMax = DeliveryQueue.PendingMax;

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
        new("POST", "/webhooks/{id}/deliveries/{delivery}/retry", Scope.WebhooksWrite, Retry, NeedsKey: false),
    ];

    private async ValueTask CreateAsync(RestCall call)
    {
        var body = new AdminBody(await runner.ReadBytesAsync(call), "url", "events", "secret", "metadata", "wallet_id", "ordering");
        if (call.Key is { } key && dispatcher.Of(call.Tenant).FirstOrDefault(pump => pump.Endpoint.MadeBy == key) is { } before)
        {
            if (before.Endpoint.Url != body.Text("url")) throw new RefusedException(ApiResult.Of(Ledger.LedgerResult.IdempotencyConflict));
            call.Http.Response.Headers["Idempotent-Replayed"] = "true";
            Send(call, before, secret: null, StatusCodes.Status201Created);
            return;
        }

        var url = UrlOf(body) ?? throw AdminBody.Invalid("url is required");
        var events = EventsOf(body) ?? throw AdminBody.Invalid("events is required: types of events, or [\"*\"]");
        var secret = body.Text("secret") is { } chosen ? new WebhookSecret(chosen.Length >= SecretLengthMin ? chosen : throw AdminBody.Invalid($"secret must have at least {SecretLengthMin} characters")) : WebhookSecret.Make();
        var wallet = await WalletOf(call, body);
        var position = await services.Streams.NextAsync(call.Tenant, runner.Patience);
        var pump = dispatcher.Add(call.Tenant, number => new WebhookEndpoint
        {
            Number = number,
            Tenant = call.Tenant.Number,
            Url = url,
            Events = events,
            Wallet = wallet ?? 0,
            IsOrderedByWallet = OrderingOf(body) ?? false,
            IsConcepts = call.Dialect == Dialect.Concepts,
            SealedSecret = services.Secrets.Seal(secret.Text),
            Metadata = body.ObjectText("metadata", MetadataBytesMax) ?? "{}",
            MadeBy = call.Key,
            CreatedAt = runner.Now,
            UpdatedAt = runner.Now,
        }, position) ?? throw AdminBody.Invalid($"a tenant has at most {WebhookDispatcher.PerTenantMax} webhooks");
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
        var rows = dispatcher.Of(call.Tenant).Where(pump => pump.Endpoint.Number > after).Take(page.Limit + 1).ToArray();
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
        var body = new AdminBody(await runner.ReadBytesAsync(call), "url", "events", "metadata", "wallet_id", "ordering", "status");
        var (url, events, metadata, ordered) = (UrlOf(body), EventsOf(body), body.ObjectText("metadata", MetadataBytesMax), OrderingOf(body));
        var wallet = await WalletOf(call, body);
        var disabled = body.Text("status")?.ToLowerInvariant() switch
        {
            null => (bool?)null,
            "active" => false,
            "disabled" => true,
            _ => throw AdminBody.Invalid("status must be active or disabled"),
        };
        dispatcher.Change(pump, endpoint => endpoint with
        {
            Url = url ?? endpoint.Url,
            Events = events ?? endpoint.Events,
            Metadata = metadata ?? endpoint.Metadata,
            Wallet = wallet ?? endpoint.Wallet,
            IsOrderedByWallet = ordered ?? endpoint.IsOrderedByWallet,
            IsDisabled = disabled ?? endpoint.IsDisabled,
            DisabledReason = disabled is null ? endpoint.DisabledReason : null,
        });
        Send(call, pump, secret: null, StatusCodes.Status200OK);
    }

    private async ValueTask DeleteAsync(RestCall call)
    {
        await dispatcher.RemoveAsync(Find(call));
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async ValueTask TestAsync(RestCall call)
    {
        var pump = Find(call);
        await runner.ReadBytesAsync(call);
        var attempt = await dispatcher.TestAsync(call.Tenant, pump, call.Http.RequestAborted);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WebhookJson.Write(body, attempt);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask RotateAsync(RestCall call)
    {
        var pump = Find(call);
        await runner.ReadBytesAsync(call);
        var secret = WebhookSecret.Make();
        dispatcher.Rotate(pump, secret);
        Send(call, pump, secret, StatusCodes.Status200OK);
    }

    /// <summary>A range of the stream, or all that was given up.</summary>
    private async ValueTask ReplayAsync(RestCall call)
    {
        var pump = Find(call);
        var body = new AdminBody(await runner.ReadBytesAsync(call), "from_sequence", "to_sequence", "failed");
        var count = body.Switch("failed") == true
            ? pump.Replay(pump.Look(queue => queue.Dead.Select(delivery => (delivery.Event, delivery.Wallet)).ToArray()))
            : pump.Replay(Range(call, pump, SequenceOf(body, "from_sequence"), SequenceOf(body, "to_sequence")));
        var answer = JsonBody.Start(call.Dialect);
        answer.OpenEnvelope();
        answer.Json.WriteStartObject();
        answer.Json.WriteNumber("queued"u8, count);
        answer.Json.WriteEndObject();
        answer.CloseEnvelope();
        answer.Send(call.Http, StatusCodes.Status202Accepted);
    }

    private List<(ulong Event, ulong Wallet)> Range(RestCall call, EndpointPump pump, ulong from, ulong to)
    {
        if (from == 0 || to < from || to - from >= ReplayMax) throw AdminBody.Invalid($"from_sequence and to_sequence must name 1 to {ReplayMax} events");
        var filter = EventFilter.Parse(pump.Endpoint.Events, pump.Endpoint.Wallet, out _)!;
        var events = new List<(ulong, ulong)>();
        using var reader = services.Streams.Open(call.Tenant, from);
        while (reader.Next <= to && reader.TryRead(out var found) && found.Number <= to)
        {
            if (filter.Takes(found)) events.Add((found.Number, found.Wallet));
        }

        return events;
    }

    private ValueTask Deliveries(RestCall call)
    {
        var pump = Find(call);
        var page = Page.Of(call);
        var below = ulong.MaxValue;
        if (page.Cursor is { } cursor && !call.Tenant.Ids.TryParse(IdKind.Delivery, cursor, out below)) throw new ApiErrorException(Page.UnknownCursor);
        var wanted = call.Query("status") is { } status and not ("pending" or "failed") ? throw new ApiErrorException(ApiError.Invalid("status", "must be pending or failed")) : call.Query("status");
        var rows = pump.Look(queue => queue.Pending.Select(delivery => (delivery, IsDead: false)).Concat(queue.Dead.Select(delivery => (delivery, IsDead: true)))
            .Where(row => row.delivery.Event < below && (wanted is null || row.IsDead == (wanted == "failed"))).OrderByDescending(row => row.delivery.Event).Take(page.Limit + 1).ToArray());
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var (delivery, isDead) in rows.Take(page.Limit)) WebhookJson.Write(body, call.Tenant, delivery, isDead);
        Page.Close(body, rows.Length > page.Limit ? call.Tenant.Ids.Format(IdKind.Delivery, rows[page.Limit - 1].delivery.Event) : null);
        body.Send(call.Http, StatusCodes.Status200OK);
        return default;
    }

    private async ValueTask Retry(RestCall call)
    {
        var pump = Find(call);
        await runner.ReadBytesAsync(call);
        Delivery? known = null;
        if (call.Tenant.Ids.TryParse(IdKind.Delivery, call.Parameters[1], out var number)) known = pump.Look(queue => queue.Pending.Concat(queue.Dead).FirstOrDefault(delivery => delivery.Event == number));
        if (known is null) throw new ApiErrorException(ApiError.NotFound("delivery"));
        pump.Replay([(known.Event, known.Wallet)]);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WebhookJson.Write(body, call.Tenant, known with { DueAt = runner.Now }, isDead: false);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status202Accepted);
    }

    private EndpointPump Find(RestCall call) =>
        call.Tenant.Ids.TryParse(IdKind.Webhook, call.Parameters[0], out var number) && dispatcher.Find(call.Tenant, number) is { } pump ? pump : throw new ApiErrorException(ApiError.NotFound("webhook"));

    private string? UrlOf(AdminBody body) => body.Text("url") is not { } url ? null : services.Sender.WhyRefused(url) is { } why ? throw AdminBody.Invalid("url " + why) : url;

    private static IReadOnlyList<string>? EventsOf(AdminBody body)
    {
        var events = body.Texts("events");
        if (events.Count == 0) return null;
        if (EventFilter.Parse(events, 0, out var unknown) is null) throw AdminBody.Invalid($"events: {unknown} is no event type");
        return events;
    }

    private static bool? OrderingOf(AdminBody body) => body.Text("ordering") switch
    {
        null => null,
        "none" => false,
        "wallet" => true,
        _ => throw AdminBody.Invalid("ordering must be none or wallet"),
    };

    private async ValueTask<ulong?> WalletOf(RestCall call, AdminBody body)
    {
        if (body.Text("wallet_id") is not { } name) return null;
        var wallet = await services.Streams.WalletAsync(call.Tenant, name, runner.Patience);
        return wallet != 0 ? wallet : throw new ApiErrorException(ApiError.Of(Ledger.LedgerResult.WalletNotFound, -1));
    }

    private static ulong SequenceOf(AdminBody body, string name) =>
        body.Text(name) is { } text && EventSequence.TryParse(text, out var number) ? number : throw AdminBody.Invalid($"{name} must be seq_ and digits, or failed must be true");

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
