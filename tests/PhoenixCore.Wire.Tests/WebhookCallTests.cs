using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>Webhooks by gRPC. What they deliver is tested over REST: it is the same dispatcher.</summary>
public sealed class WebhookCallTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task A_webhook_is_made_once_changed_listed_and_deleted()
    {
        var key = fixture.NewName();
        var wish = new CreateWebhookRequest { IdempotencyKey = key, Url = "http://127.0.0.1:9/", Events = { "wallet.closed" }, Wallet = "house_wallet", Ordering = WebhookOrdering.Wallet, MetadataJson = """{"team":"risk"}""" };
        var made = await CallAsync("CreateWebhook", wish, Webhook.Parser);
        Assert.StartsWith("whk_", made.Id);
        Assert.StartsWith("whsec_", made.Secret);
        Assert.Equal((WebhookOrdering.Wallet, WebhookStatus.Active, """{"team":"risk"}"""), (made.Ordering, made.Status, made.MetadataJson));
        var again = await CallAsync("CreateWebhook", wish, Webhook.Parser);
        Assert.Equal((made.Id, ""), (again.Id, again.Secret));
        wish.Events.Add("wallet.frozen");
        Assert.Equal((GrpcStatusCode.Aborted, "IDEMPOTENCY_CONFLICT"), await RefusalAsync("CreateWebhook", wish));

        var changed = await CallAsync("UpdateWebhook", new UpdateWebhookRequest { Id = made.Id, Events = { "*" }, Status = WebhookStatus.Disabled }, Webhook.Parser);
        Assert.Equal((WebhookStatus.Disabled, made.Url, WebhookOrdering.Wallet), (changed.Status, changed.Url, changed.Ordering));
        Assert.Equal(["*"], changed.Events);
        var other = await CallAsync("CreateWebhook", new CreateWebhookRequest { Url = "http://127.0.0.1:9/", Events = { "*" }, Secret = "a secret of one's own" }, Webhook.Parser);
        var listed = new List<string>();
        for (var request = new ListWebhooksRequest { PageSize = 1 }; ;)
        {
            var page = await CallAsync("ListWebhooks", request, ListWebhooksReply.Parser);
            listed.AddRange(page.Webhooks.Select(webhook => webhook.Id));
            if ((request.PageToken = page.NextPageToken).Length == 0) break;
        }

        Assert.Equal([made.Id, other.Id], listed.Where(id => id == made.Id || id == other.Id)); // the other test makes one too
        Assert.Equal("", (await CallAsync("GetWebhook", new GetWebhookRequest { Id = other.Id }, Webhook.Parser)).Secret);

        var rotated = await CallAsync("RotateSecret", new RotateSecretRequest { Id = made.Id, IdempotencyKey = key + "r" }, Webhook.Parser);
        Assert.NotEqual(made.Secret, rotated.Secret);
        Assert.Equal("", (await CallAsync("RotateSecret", new RotateSecretRequest { Id = made.Id, IdempotencyKey = key + "r" }, Webhook.Parser)).Secret);
        foreach (var id in new[] { made.Id, other.Id }) await CallAsync("DeleteWebhook", new DeleteWebhookRequest { Id = id }, DeleteWebhookReply.Parser);
        Assert.Equal((GrpcStatusCode.NotFound, "WEBHOOK_NOT_FOUND"), await RefusalAsync("GetWebhook", new GetWebhookRequest { Id = made.Id }));
    }

    [Fact]
    public async Task Deliveries_are_listed_retried_and_replayed()
    {
        await Client.CreateWalletAsync(fixture.NewName()); // and with it its asset
        var made = await CallAsync("CreateWebhook", new CreateWebhookRequest { Url = "http://127.0.0.1:9/", Events = { "wallet.created" } }, Webhook.Parser);
        var attempt = await CallAsync("TestWebhook", new TestWebhookRequest { Id = made.Id }, WebhookAttempt.Parser);
        Assert.Equal((false, 0U), (attempt.Delivered, attempt.StatusCode));
        await Client.CreateWalletAsync(fixture.NewName());
        var replayed = await CallAsync("ReplayWebhook", new ReplayWebhookRequest { Id = made.Id, FromSequence = made.NextSequence, ToSequence = made.NextSequence }, ReplayWebhookReply.Parser);
        Assert.Equal(1U, replayed.Queued);
        var listed = await CallAsync("ListDeliveries", new ListDeliveriesRequest { Id = made.Id, Status = DeliveryStatus.Pending }, ListDeliveriesReply.Parser);
        var delivery = Assert.Single(listed.Deliveries);
        Assert.Equal((made.NextSequence, DeliveryStatus.Pending), (delivery.Sequence, delivery.Status));
        Assert.Empty((await CallAsync("ListDeliveries", new ListDeliveriesRequest { Id = made.Id, Status = DeliveryStatus.Failed }, ListDeliveriesReply.Parser)).Deliveries);
        Assert.Equal(delivery.Id, (await CallAsync("RetryDelivery", new RetryDeliveryRequest { Id = made.Id, DeliveryId = delivery.Id }, Delivery.Parser)).Id);
        Assert.Equal((GrpcStatusCode.NotFound, "DELIVERY_NOT_FOUND"), await RefusalAsync("RetryDelivery", new RetryDeliveryRequest { Id = made.Id, DeliveryId = "none" }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await RefusalAsync("ReplayWebhook", new ReplayWebhookRequest { Id = made.Id }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await RefusalAsync("CreateWebhook", new CreateWebhookRequest { Url = "http://127.0.0.1:9/", Events = { "none" } }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await RefusalAsync("CreateWebhook", new CreateWebhookRequest { Events = { "*" } }));
        Assert.Equal((GrpcStatusCode.NotFound, "WALLET_NOT_FOUND"), await RefusalAsync("CreateWebhook", new CreateWebhookRequest { Url = "http://127.0.0.1:9/", Events = { "*" }, Wallet = "none" }));
    }

    private Task<TReply> CallAsync<TReply>(string method, IMessage request, MessageParser<TReply> parser)
        where TReply : IMessage<TReply> =>
        Client.Channel.UnaryRawAsync("/phoenix.v1.Webhooks/" + method, GrpcFrame.Encode(request), reply => parser.ParseFrom(reply.Span), new CallOptions { Metadata = Client.Metadata }).AsTask();

    private async Task<(GrpcStatusCode Status, string? Reason)> RefusalAsync(string method, IMessage request)
    {
        try
        {
            await Client.Channel.UnaryRawAsync("/phoenix.v1.Webhooks/" + method, GrpcFrame.Encode(request), reply => reply.Length, new CallOptions { Metadata = Client.Metadata });
            return (GrpcStatusCode.OK, null);
        }
        catch (GrpcStatusException e)
        {
            return (e.Code, e.Reason);
        }
    }
}
