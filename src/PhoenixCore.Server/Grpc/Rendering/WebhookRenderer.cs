using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Webhooks;
using Delivery = PhoenixCore.Contracts.V1.Delivery;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Renders webhooks and their deliveries.</summary>
internal static class WebhookRenderer
{
    /// <param name="secret">Shown once, when it was made.</param>
    public static Webhook WebhookOf(TenantContext tenant, EndpointPump pump, WebhookSecret? secret = null)
    {
        var endpoint = pump.Endpoint;
        var (position, pending, dead, lastSuccess, failures) = pump.Look(queue => (queue.Position, queue.Pending.Count(), queue.Dead.Count(), queue.LastSuccessAt, queue.FailureCount));
        return new Webhook
        {
            Id = tenant.Ids.Format(IdKind.Webhook, endpoint.Number),
            Url = endpoint.Url,
            Events = { endpoint.Events },
            WalletId = endpoint.Wallet == 0 ? "" : tenant.Ids.Format(IdKind.Wallet, endpoint.Wallet),
            Ordering = endpoint.IsOrderedByWallet ? WebhookOrdering.Wallet : WebhookOrdering.None,
            Status = endpoint.IsDisabled ? WebhookStatus.Disabled : WebhookStatus.Active,
            DisabledReason = endpoint.DisabledReason ?? "",
            MetadataJson = endpoint.Metadata,
            NextSequence = position,
            Pending = (uint)pending,
            Failed = (uint)dead,
            FailureCount = (uint)failures,
            LastSuccessAtUnixNs = TimeOf(lastSuccess),
            CreatedAtUnixNs = TimeOf(endpoint.CreatedAt),
            UpdatedAtUnixNs = TimeOf(endpoint.UpdatedAt),
            Secret = secret?.Text ?? "",
            StandardSecret = secret?.StandardText ?? "",
        };
    }

    public static Delivery DeliveryOf(TenantContext tenant, Webhooks.Delivery delivery, bool isDead) => new()
    {
        Id = tenant.Ids.Format(IdKind.Delivery, delivery.Event),
        EventId = tenant.Ids.Format(IdKind.Event, delivery.Event),
        Sequence = delivery.Event,
        Status = isDead ? DeliveryStatus.Failed : DeliveryStatus.Pending,
        Attempts = (uint)delivery.Failed,
        Replay = delivery.IsReplay,
        LastError = delivery.LastError ?? "",
        LastAttemptAtUnixNs = TimeOf(delivery.LastAttemptAt),
        NextAttemptAtUnixNs = isDead ? 0 : TimeOf(delivery.DueAt),
    };

    public static WebhookAttempt AttemptOf(Attempt attempt) => new()
    {
        Delivered = attempt.Error is null,
        StatusCode = (uint)attempt.Status,
        Error = attempt.Error ?? "",
        Answer = attempt.Answer,
        Milliseconds = (uint)attempt.Took.TotalMilliseconds,
    };

    private static long TimeOf(DateTimeOffset? time) => time is { } known ? UnixTime.Of(known) : 0;
}
