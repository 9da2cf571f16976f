using Google.Protobuf;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;
using Delivery = PhoenixCore.Client.Api.Delivery;
using Webhook = PhoenixCore.Client.Api.Webhook;
using WebhookAttempt = PhoenixCore.Client.Api.WebhookAttempt;

namespace PhoenixCore.Client;

/// <summary>Events that are sent to addresses. Any thread.</summary>
/// <remarks>Making and deleting a webhook and rotating its secret have one effect under one key; the rest may be repeated as it is.</remarks>
public sealed class WebhookCalls
{
    private const string Service = "Webhooks";

    private readonly LogicalCalls _calls;

    internal WebhookCalls(LogicalCalls calls) => _calls = calls;

    /// <summary>Gets events from now on. Its secret is in this answer only, and not in that of a repetition.</summary>
    public async Task<Webhook> CreateAsync(NewWebhook webhook, RequestOptions? options = null)
    {
        var request = new CreateWebhookRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            Url = webhook.Url,
            Events = { webhook.Events },
            Secret = webhook.Secret,
            Wallet = webhook.Wallet,
            Ordering = webhook.Ordering,
            MetadataJson = webhook.MetadataJson,
        };
        return Webhook.From(await WriteAsync("CreateWebhook", request, Contracts.V1.Webhook.Parser, request.IdempotencyKey, options).ConfigureAwait(false));
    }

    public async Task<Webhook> GetAsync(string webhook, CancellationToken ct = default) =>
        Webhook.From(await _calls.RunAsync(Service, "GetWebhook", new GetWebhookRequest { Id = webhook }, Contracts.V1.Webhook.Parser, null, ct).ConfigureAwait(false));

    /// <summary>Oldest first.</summary>
    public IAsyncEnumerable<Webhook> ListAsync(CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var page = await _calls.RunAsync(Service, "ListWebhooks", new ListWebhooksRequest { PageSize = LogicalCalls.Page, PageToken = token }, ListWebhooksReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Webhooks.Select(Webhook.From), page.NextPageToken);
        },
        ct);

    public async Task<Webhook> UpdateAsync(string webhook, WebhookChange change, RequestOptions? options = null)
    {
        var request = new UpdateWebhookRequest
        {
            IdempotencyKey = LogicalCalls.KeyOf(options),
            Id = webhook,
            Url = change.Url,
            Events = { change.Events },
            Wallet = change.Wallet,
            Ordering = change.Ordering,
            MetadataJson = change.MetadataJson,
            Status = change.Status,
        };
        return Webhook.From(await WriteAsync("UpdateWebhook", request, Contracts.V1.Webhook.Parser, request.IdempotencyKey, options).ConfigureAwait(false));
    }

    /// <summary>Ends it, with all that waits.</summary>
    public async Task DeleteAsync(string webhook, RequestOptions? options = null)
    {
        var request = new DeleteWebhookRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Id = webhook };
        await WriteAsync("DeleteWebhook", request, DeleteWebhookReply.Parser, request.IdempotencyKey, options).ConfigureAwait(false);
    }

    /// <summary>Sends one made-up event and says what came back.</summary>
    public async Task<WebhookAttempt> TestAsync(string webhook, CancellationToken ct = default) =>
        WebhookAttempt.From(await _calls.RunAsync(Service, "TestWebhook", new TestWebhookRequest { Id = webhook }, Contracts.V1.WebhookAttempt.Parser, null, ct).ConfigureAwait(false));

    /// <summary>A new secret, in this answer only, and not in that of a repetition; the old one signs too for a day.</summary>
    public async Task<Webhook> RotateSecretAsync(string webhook, RequestOptions? options = null)
    {
        var request = new RotateSecretRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Id = webhook };
        return Webhook.From(await WriteAsync("RotateSecret", request, Contracts.V1.Webhook.Parser, request.IdempotencyKey, options).ConfigureAwait(false));
    }

    /// <summary>What waits and what was given up, newest first.</summary>
    /// <param name="status">Unspecified = both.</param>
    public IAsyncEnumerable<Delivery> ListDeliveriesAsync(string webhook, DeliveryStatus status = default, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var request = new ListDeliveriesRequest { Id = webhook, Status = status, PageSize = LogicalCalls.Page, PageToken = token };
            var page = await _calls.RunAsync(Service, "ListDeliveries", request, ListDeliveriesReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Deliveries.Select(Delivery.From), page.NextPageToken);
        },
        ct);

    /// <summary>Tries a delivery again now.</summary>
    public async Task<Delivery> RetryDeliveryAsync(string webhook, string delivery, CancellationToken ct = default) =>
        Delivery.From(await _calls.RunAsync(Service, "RetryDelivery", new RetryDeliveryRequest { Id = webhook, DeliveryId = delivery }, Contracts.V1.Delivery.Parser, null, ct).ConfigureAwait(false));

    /// <summary>Sends a range of events again, as far as the webhook wants them.</summary>
    /// <param name="fromSequence">Included, as <paramref name="toSequence"/>; 1,000 events at most.</param>
    /// <returns>How many were queued.</returns>
    public Task<int> ReplayAsync(string webhook, ulong fromSequence, ulong toSequence, CancellationToken ct = default) =>
        ReplayAsync(new ReplayWebhookRequest { Id = webhook, FromSequence = fromSequence, ToSequence = toSequence }, ct);

    /// <summary>Sends again all that was given up.</summary>
    /// <returns>How many were queued.</returns>
    public Task<int> ReplayFailedAsync(string webhook, CancellationToken ct = default) => ReplayAsync(new ReplayWebhookRequest { Id = webhook, Failed = true }, ct);

    private async Task<int> ReplayAsync(ReplayWebhookRequest request, CancellationToken ct) =>
        (int)(await _calls.RunAsync(Service, "ReplayWebhook", request, ReplayWebhookReply.Parser, null, ct).ConfigureAwait(false)).Queued;

    private Task<TReply> WriteAsync<TRequest, TReply>(string method, TRequest request, MessageParser<TReply> parser, string key, RequestOptions? options)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        _calls.RunAsync(Service, method, request, parser, key, options?.CancellationToken ?? default);
}
