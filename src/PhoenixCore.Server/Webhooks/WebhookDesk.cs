using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;

namespace PhoenixCore.Server.Webhooks;

/// <summary>What callers do with webhooks, in one place for every front. Any thread.</summary>
/// <remarks>Errors: <see cref="RefusedException"/>.</remarks>
public sealed class WebhookDesk
{
    public const int MetadataBytesMax = 4_096;
    private const int SecretLengthMin = 16;
    private const int ReplayMax = DeliveryQueue.PendingMax;

    private readonly WebhookDispatcher _dispatcher;
    private readonly WebhookServices _services;
    private readonly SemaphoreSlim _keyed = new(1); // of requests with a key one is answered after the other, so that the later one finds what the first made
    private readonly Lock _rotating = new();

    internal WebhookDesk(WebhookDispatcher dispatcher, WebhookServices services) => (_dispatcher, _services) = (dispatcher, services);

    /// <param name="key">Idempotency key; null = none.</param>
    /// <param name="isConcepts">Bodies in the form of <c>/v1</c>.</param>
    /// <returns>Its secret is null in a repetition: it is shown once.</returns>
    internal async ValueTask<(EndpointPump Pump, WebhookSecret? Secret)> CreateAsync(TenantContext tenant, WebhookWish wish, string? key, bool isConcepts, CancellationToken ct)
    {
        if (key is null) return await MakeAsync(tenant, wish, null, isConcepts, ct).ConfigureAwait(false);
        await _keyed.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_dispatcher.Of(tenant).FirstOrDefault(pump => pump.Endpoint.MadeBy == key) is not { } before) return await MakeAsync(tenant, wish, key, isConcepts, ct).ConfigureAwait(false);
            return before.Endpoint.MadeFrom == wish.Fingerprint ? (before, null) : throw new RefusedException(ApiResult.Of(LedgerResult.IdempotencyConflict));
        }
        finally
        {
            _keyed.Release();
        }
    }

    private async ValueTask<(EndpointPump Pump, WebhookSecret? Secret)> MakeAsync(TenantContext tenant, WebhookWish wish, string? key, bool isConcepts, CancellationToken ct)
    {
        var (url, events) = (UrlOf(wish) ?? throw Invalid("url is required"), EventsOf(wish) ?? throw Invalid("events is required: types of events, or *"));
        var secret = wish.Secret is { } chosen ? new WebhookSecret(chosen.Length >= SecretLengthMin ? chosen : throw Invalid($"secret must have at least {SecretLengthMin} characters")) : WebhookSecret.Make();
        var wallet = await WalletOfAsync(tenant, wish, ct).ConfigureAwait(false);
        var position = await _services.Streams.NextAsync(tenant, ct).ConfigureAwait(false);
        var pump = _dispatcher.Add(tenant, number => new WebhookEndpoint
        {
            Number = number,
            Tenant = tenant.Number,
            Url = url,
            Events = events,
            Wallet = wallet ?? 0,
            IsOrderedByWallet = wish.IsOrderedByWallet ?? false,
            IsConcepts = isConcepts,
            SealedSecret = _services.Secrets.Seal(secret.Text),
            Metadata = wish.Metadata ?? "{}",
            MadeBy = key,
            MadeFrom = key is null ? null : wish.Fingerprint,
            CreatedAt = _services.Now,
            UpdatedAt = _services.Now,
        }, position);
        return (pump ?? throw Invalid($"a tenant has at most {WebhookDispatcher.PerTenantMax} webhooks"), secret);
    }

    internal EndpointPump Find(TenantContext tenant, string id) =>
        tenant.Ids.TryParse(IdKind.Webhook, id, out var number) && _dispatcher.Find(tenant, number) is { } pump ? pump : throw new RefusedException(ApiResult.WebhookNotFound);

    /// <summary>Oldest first, behind a number.</summary>
    internal EndpointPump[] List(TenantContext tenant, ulong after, int most) => [.. _dispatcher.Of(tenant).Where(pump => pump.Endpoint.Number > after).Take(most)];

    internal async ValueTask ChangeAsync(TenantContext tenant, EndpointPump pump, WebhookWish wish, CancellationToken ct)
    {
        var (url, events) = (UrlOf(wish), EventsOf(wish));
        var wallet = await WalletOfAsync(tenant, wish, ct).ConfigureAwait(false);
        _dispatcher.Change(pump, endpoint => endpoint with
        {
            Url = url ?? endpoint.Url,
            Events = events ?? endpoint.Events,
            Metadata = wish.Metadata ?? endpoint.Metadata,
            Wallet = wallet ?? endpoint.Wallet,
            IsOrderedByWallet = wish.IsOrderedByWallet ?? endpoint.IsOrderedByWallet,
            IsDisabled = wish.IsDisabled ?? endpoint.IsDisabled,
            DisabledReason = wish.IsDisabled is null ? endpoint.DisabledReason : null,
        });
    }

    /// <param name="key">Idempotency key; null = none.</param>
    /// <returns>True: it was removed before, under this key.</returns>
    internal async ValueTask<bool> DeleteAsync(TenantContext tenant, string id, string? key, CancellationToken ct)
    {
        await _keyed.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var before = key is null ? null : _dispatcher.FindRemoved(tenant, key);
            if (before != null && tenant.Ids.Format(IdKind.Webhook, before.Number) != id) throw new RefusedException(ApiResult.Of(LedgerResult.IdempotencyConflict));
            if (before != null && _dispatcher.Find(tenant, before.Number) is null) return true;
            await _dispatcher.RemoveAsync(Find(tenant, id), key).ConfigureAwait(false);
            return false;
        }
        finally
        {
            _keyed.Release();
        }
    }

    internal Task<Attempt> TestAsync(TenantContext tenant, EndpointPump pump, CancellationToken ct) => _dispatcher.TestAsync(tenant, pump, ct);

    /// <param name="key">The rotation that came last is not done again under its key.</param>
    /// <returns>Null in a repetition: a secret is shown once.</returns>
    internal WebhookSecret? Rotate(EndpointPump pump, string? key)
    {
        lock (_rotating)
        {
            if (key is not null && pump.Endpoint.RotatedBy == key) return null;
            var secret = WebhookSecret.Make();
            _dispatcher.Rotate(pump, secret, key);
            return secret;
        }
    }

    /// <summary>All that was given up, again.</summary>
    internal static int ReplayFailed(EndpointPump pump) => pump.Replay(pump.Look(queue => queue.Dead.Select(delivery => (delivery.Event, delivery.Wallet)).ToArray()));

    /// <summary>A range of the stream, as far as the webhook wants its events.</summary>
    /// <exception cref="SequenceTooOldException">The events are no longer here.</exception>
    internal int Replay(TenantContext tenant, EndpointPump pump, ulong from, ulong to)
    {
        if (from == 0 || to < from || to - from >= ReplayMax) throw Invalid($"from_sequence and to_sequence must name 1 to {ReplayMax} events");
        var filter = EventFilter.Parse(pump.Endpoint.Events, pump.Endpoint.Wallet, out _)!;
        var events = new List<(ulong, ulong)>();
        using var reader = _services.Streams.Open(tenant, from);
        while (reader.Next <= to && reader.TryRead(out var found) && found.Number <= to)
        {
            if (filter.Takes(found)) events.Add((found.Number, found.Wallet));
        }

        return pump.Replay(events);
    }

    /// <summary>Pending and failed ones, newest first.</summary>
    /// <param name="below">Events from this number on were shown before.</param>
    /// <param name="isDead">Null = both.</param>
    internal static (Delivery Delivery, bool IsDead)[] Deliveries(EndpointPump pump, ulong below, bool? isDead, int most) =>
        pump.Look(queue => queue.Pending.Select(delivery => (delivery, IsDead: false)).Concat(queue.Dead.Select(delivery => (delivery, IsDead: true)))
            .Where(row => row.delivery.Event < below && (isDead ?? row.IsDead) == row.IsDead).OrderByDescending(row => row.delivery.Event).Take(most).ToArray());

    /// <returns>The delivery as it waits now.</returns>
    internal Delivery Retry(TenantContext tenant, EndpointPump pump, string id)
    {
        Delivery? known = null;
        if (tenant.Ids.TryParse(IdKind.Delivery, id, out var number)) known = pump.Look(queue => queue.Pending.Concat(queue.Dead).FirstOrDefault(delivery => delivery.Event == number));
        if (known is null) throw new RefusedException(ApiResult.DeliveryNotFound);
        pump.Replay([(known.Event, known.Wallet)]);
        return known with { DueAt = _services.Now };
    }

    private string? UrlOf(WebhookWish wish) => wish.Url is not { } url ? null : _services.Sender.WhyRefused(url) is { } why ? throw Invalid("url " + why) : url;

    private static IReadOnlyList<string>? EventsOf(WebhookWish wish)
    {
        if (wish.Events is not { Count: > 0 } events) return null;
        return EventFilter.Parse(events, 0, out var unknown) is null ? throw Invalid($"events: {unknown} is no event type") : events;
    }

    private async ValueTask<ulong?> WalletOfAsync(TenantContext tenant, WebhookWish wish, CancellationToken ct)
    {
        if (wish.Wallet is not { } name) return null;
        var wallet = await _services.Streams.WalletAsync(tenant, name, ct).ConfigureAwait(false);
        return wallet != 0 ? wallet : throw new RefusedException(ApiResult.Of(LedgerResult.WalletNotFound));
    }

    private static RefusedException Invalid(string why) => new(ApiResult.Invalid(why));
}
