using PhoenixCore.Client;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Errors;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests.Clients;

/// <summary>Webhooks through the .NET client.</summary>
public sealed class WebhookClientTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private readonly PhoenixClient _phoenix = new(fixture.Server.Address, WireServer.Key, new PhoenixClientOptions { BackoffMin = TimeSpan.FromMilliseconds(5), AttemptsMax = 3 });

    [Fact]
    public async Task A_webhook_is_made_once_changed_rotated_and_deleted()
    {
        var once = new RequestOptions { IdempotencyKey = fixture.NewName() };
        var wish = new NewWebhook("http://127.0.0.1:9/", ["wallet.closed"]) { Wallet = "house_wallet", Ordering = WebhookOrdering.Wallet, MetadataJson = """{"team":"risk"}""" };
        var made = await _phoenix.Webhooks.CreateAsync(wish, once);
        Assert.StartsWith("whsec_", made.Secret);
        Assert.Equal((WebhookOrdering.Wallet, WebhookStatus.Active, """{"team":"risk"}""", null), (made.Ordering, made.Status, made.MetadataJson, made.LastSuccessAt));
        Assert.Equal((made.Id, ""), (await _phoenix.Webhooks.CreateAsync(wish, once)) is var again ? (again.Id, again.Secret) : default);
        Assert.Equal("IDEMPOTENCY_CONFLICT", (await Assert.ThrowsAsync<PhoenixRefusedException>(() => _phoenix.Webhooks.CreateAsync(wish with { Url = "http://127.0.0.1:8/" }, once))).Code);

        var changed = await _phoenix.Webhooks.UpdateAsync(made.Id, new WebhookChange { Events = ["*"], Status = WebhookStatus.Disabled });
        Assert.Equal((WebhookStatus.Disabled, made.Url, made.WalletId, "*"), (changed.Status, changed.Url, changed.WalletId, Assert.Single(changed.Events)));
        Assert.Contains(made.Id, await _phoenix.Webhooks.ListAsync().Select(webhook => webhook.Id).ToListAsync());
        Assert.NotEqual(made.Secret, (await _phoenix.Webhooks.RotateSecretAsync(made.Id)).Secret);
        Assert.Equal("", (await _phoenix.Webhooks.GetAsync(made.Id)).Secret);
        var delete = new RequestOptions { IdempotencyKey = fixture.NewName() };
        await _phoenix.Webhooks.DeleteAsync(made.Id, delete);
        await _phoenix.Webhooks.DeleteAsync(made.Id, delete);
        Assert.Equal("WEBHOOK_NOT_FOUND", (await Assert.ThrowsAsync<PhoenixNotFoundException>(() => _phoenix.Webhooks.DeleteAsync(made.Id))).Code);
        Assert.Equal("WEBHOOK_NOT_FOUND", (await Assert.ThrowsAsync<PhoenixNotFoundException>(() => _phoenix.Webhooks.GetAsync(made.Id))).Code);
    }

    [Fact]
    public async Task Deliveries_are_listed_retried_and_replayed()
    {
        await _phoenix.Wallets.CreateAsync(new NewWallet(fixture.NewName()) { DefaultAsset = "USD" }); // and with it its asset
        var made = await _phoenix.Webhooks.CreateAsync(new NewWebhook("http://127.0.0.1:9/", ["wallet.created"]));
        var attempt = await _phoenix.Webhooks.TestAsync(made.Id);
        Assert.Equal((false, 0), (attempt.IsDelivered, attempt.StatusCode));
        Assert.NotEmpty(attempt.Error);
        await _phoenix.Wallets.CreateAsync(new NewWallet(fixture.NewName()));
        Assert.Equal(1, await _phoenix.Webhooks.ReplayAsync(made.Id, made.NextSequence, made.NextSequence));
        var delivery = Assert.Single(await _phoenix.Webhooks.ListDeliveriesAsync(made.Id, DeliveryStatus.Pending).ToListAsync());
        Assert.Equal((made.NextSequence, DeliveryStatus.Pending), (delivery.Sequence, delivery.Status));
        Assert.NotNull(delivery.NextAttemptAt);
        Assert.Equal(delivery.Id, (await _phoenix.Webhooks.RetryDeliveryAsync(made.Id, delivery.Id)).Id);
        Assert.Equal(0, await _phoenix.Webhooks.ReplayFailedAsync(made.Id));
        Assert.Empty(await _phoenix.Webhooks.ListDeliveriesAsync(made.Id, DeliveryStatus.Failed).ToListAsync());
        Assert.Equal("VALIDATION_ERROR", (await Assert.ThrowsAsync<PhoenixInvalidRequestException>(() => _phoenix.Webhooks.CreateAsync(new NewWebhook("http://127.0.0.1:9/", ["none"])))).Code);
        await _phoenix.Webhooks.DeleteAsync(made.Id);
    }
}
