using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Grpc.Rendering;
using PhoenixCore.Server.Webhooks;
using Delivery = PhoenixCore.Contracts.V1.Delivery;

namespace PhoenixCore.Server.Grpc;

/// <summary>The service Webhooks.</summary>
internal sealed class WebhookCalls(WebhookDesk desk)
{
    public static GrpcServiceBinder Bind(WebhookDesk desk)
    {
        var calls = new WebhookCalls(desk);
        return new GrpcServiceBinder(WebhooksReflection.Descriptor.Services[0])
            .Unary<CreateWebhookRequest, Webhook>("CreateWebhook", CreateWebhookRequest.Parser, (request, call) => Tell(() => calls.CreateAsync(request, call)))
            .Unary<GetWebhookRequest, Webhook>("GetWebhook", GetWebhookRequest.Parser, (request, call) => Tell(() => new ValueTask<Webhook>(WebhookRenderer.WebhookOf(GrpcCaller.TenantOf(call), calls.Find(request.Id, call)))))
            .Unary<ListWebhooksRequest, ListWebhooksReply>("ListWebhooks", ListWebhooksRequest.Parser, (request, call) => Tell(() => new ValueTask<ListWebhooksReply>(calls.List(request, call))))
            .Unary<UpdateWebhookRequest, Webhook>("UpdateWebhook", UpdateWebhookRequest.Parser, (request, call) => Tell(() => calls.UpdateAsync(request, call)))
            .Unary<DeleteWebhookRequest, DeleteWebhookReply>("DeleteWebhook", DeleteWebhookRequest.Parser, (request, call) => Tell(() => calls.DeleteAsync(request, call)))
            .Unary<TestWebhookRequest, WebhookAttempt>("TestWebhook", TestWebhookRequest.Parser, (request, call) => Tell(() => calls.TestAsync(request, call)))
            .Unary<RotateSecretRequest, Webhook>("RotateSecret", RotateSecretRequest.Parser, (request, call) => Tell(() => new ValueTask<Webhook>(calls.Rotate(request, call))))
            .Unary<ListDeliveriesRequest, ListDeliveriesReply>("ListDeliveries", ListDeliveriesRequest.Parser, (request, call) => Tell(() => new ValueTask<ListDeliveriesReply>(calls.ListDeliveries(request, call))))
            .Unary<RetryDeliveryRequest, Delivery>("RetryDelivery", RetryDeliveryRequest.Parser, (request, call) => Tell(() => new ValueTask<Delivery>(calls.Retry(request, call))))
            .Unary<ReplayWebhookRequest, ReplayWebhookReply>("ReplayWebhook", ReplayWebhookRequest.Parser, (request, call) => Tell(() => new ValueTask<ReplayWebhookReply>(calls.Replay(request, call))));
    }

    private async ValueTask<Webhook> CreateAsync(CreateWebhookRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var wish = new WebhookWish
        {
            Url = RequestMapper.Text(request.Url, "url"),
            Events = request.Events,
            Secret = RequestMapper.Text(request.Secret, "secret"),
            Wallet = RequestMapper.Text(request.Wallet, "wallet"),
            IsOrderedByWallet = OrderingOf(request.Ordering),
            Metadata = MetadataOf(request.MetadataJson),
        };
        var (pump, secret) = await desk.CreateAsync(tenant, wish, RequestMapper.KeyOf(request.IdempotencyKey, call), isConcepts: true, call.CancellationToken).ConfigureAwait(false);
        return WebhookRenderer.WebhookOf(tenant, pump, secret);
    }

    private ListWebhooksReply List(ListWebhooksRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var after = TokenOf(tenant, IdKind.Webhook, request.PageToken) ?? 0;
        var size = RequestMapper.PageSize(request.PageSize);
        var rows = desk.List(tenant, after, size + 1);
        var reply = new ListWebhooksReply { NextPageToken = rows.Length > size ? tenant.Ids.Format(IdKind.Webhook, rows[size - 1].Endpoint.Number) : "" };
        reply.Webhooks.Add(rows.Take(size).Select(pump => WebhookRenderer.WebhookOf(tenant, pump)));
        return reply;
    }

    private async ValueTask<Webhook> UpdateAsync(UpdateWebhookRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var pump = Find(request.Id, call);
        var wish = new WebhookWish
        {
            Url = RequestMapper.Text(request.Url, "url"),
            Events = request.Events,
            Wallet = RequestMapper.Text(request.Wallet, "wallet"),
            IsOrderedByWallet = OrderingOf(request.Ordering),
            Metadata = MetadataOf(request.MetadataJson),
            IsDisabled = request.Status switch
            {
                WebhookStatus.Unspecified => null,
                WebhookStatus.Active => false,
                WebhookStatus.Disabled => true,
                _ => throw RequestMapper.Invalid("status is not known"),
            },
        };
        await desk.ChangeAsync(tenant, pump, wish, call.CancellationToken).ConfigureAwait(false);
        return WebhookRenderer.WebhookOf(tenant, pump);
    }

    private async ValueTask<DeleteWebhookReply> DeleteAsync(DeleteWebhookRequest request, GrpcCall call)
    {
        await desk.DeleteAsync(GrpcCaller.TenantOf(call), request.Id, RequestMapper.KeyOf(request.IdempotencyKey, call), call.CancellationToken).ConfigureAwait(false);
        return new DeleteWebhookReply();
    }

    private async ValueTask<WebhookAttempt> TestAsync(TestWebhookRequest request, GrpcCall call) =>
        WebhookRenderer.AttemptOf(await desk.TestAsync(GrpcCaller.TenantOf(call), Find(request.Id, call), call.CancellationToken).ConfigureAwait(false));

    private Webhook Rotate(RotateSecretRequest request, GrpcCall call)
    {
        var pump = Find(request.Id, call);
        return WebhookRenderer.WebhookOf(GrpcCaller.TenantOf(call), pump, desk.Rotate(pump, RequestMapper.KeyOf(request.IdempotencyKey, call)));
    }

    private ListDeliveriesReply ListDeliveries(ListDeliveriesRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var below = TokenOf(tenant, IdKind.Delivery, request.PageToken) ?? ulong.MaxValue;
        var size = RequestMapper.PageSize(request.PageSize);
        bool? isDead = request.Status switch
        {
            DeliveryStatus.Unspecified => null,
            DeliveryStatus.Pending => false,
            DeliveryStatus.Failed => true,
            _ => throw RequestMapper.Invalid("status is not known"),
        };
        var rows = WebhookDesk.Deliveries(Find(request.Id, call), below, isDead, size + 1);
        var reply = new ListDeliveriesReply { NextPageToken = rows.Length > size ? tenant.Ids.Format(IdKind.Delivery, rows[size - 1].Delivery.Event) : "" };
        reply.Deliveries.Add(rows.Take(size).Select(row => WebhookRenderer.DeliveryOf(tenant, row.Delivery, row.IsDead)));
        return reply;
    }

    private Delivery Retry(RetryDeliveryRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        return WebhookRenderer.DeliveryOf(tenant, desk.Retry(tenant, Find(request.Id, call), request.DeliveryId), isDead: false);
    }

    private ReplayWebhookReply Replay(ReplayWebhookRequest request, GrpcCall call)
    {
        var pump = Find(request.Id, call);
        return new ReplayWebhookReply { Queued = (uint)(request.Failed ? WebhookDesk.ReplayFailed(pump) : desk.Replay(GrpcCaller.TenantOf(call), pump, request.FromSequence, request.ToSequence)) };
    }

    private EndpointPump Find(string id, GrpcCall call) => desk.Find(GrpcCaller.TenantOf(call), id);

    private static bool? OrderingOf(WebhookOrdering ordering) => ordering switch
    {
        WebhookOrdering.Unspecified => null,
        WebhookOrdering.None => false,
        WebhookOrdering.Wallet => true,
        _ => throw RequestMapper.Invalid("ordering is not known"),
    };

    private static string? MetadataOf(string text) => RequestMapper.Json(text, System.Text.Json.JsonTokenType.StartObject, "metadata_json") is { } json ? System.Text.Encoding.UTF8.GetString(json) : null;

    private static ulong? TokenOf(TenantContext tenant, IdKind kind, string token) =>
        token.Length == 0 ? null : tenant.Ids.TryParse(kind, token, out var number) ? number : throw RequestMapper.Invalid("page_token is none of ours");

    private static async ValueTask<T> Tell<T>(Func<ValueTask<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            throw new GrpcException(Statuses.Of(e.Result));
        }
        catch (SequenceTooOldException e)
        {
            throw new GrpcException(Statuses.TooOld(e.Oldest));
        }
    }
}
