using PhoenixCore.Server.Events;
using PhoenixCore.Server.Tests.Webhooks;

namespace PhoenixCore.Server.Tests;

/// <summary>Every type of event there is comes from some change, with what the contract says each carries.</summary>
public class EventCatalogueTests
{
    private static readonly string[] Moving =
    [
        "wallet.credited", "wallet.debited", "transfer.completed", "debit.completed", "reservation.created", "reservation.incremented", "reservation.released", "reservation.partially_released",
        "reservation.expired", "credit.reversed", "transfer.reversed", "lot.expired",
    ];

    [Fact]
    public async Task Every_event_of_the_catalogue_is_emitted()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (http, _) => Task.FromResult(http.Response.StatusCode = 410);
        await using var server = await TestServer.StartAsync(change: settings => settings with { WebhookPrivateTargets = true });
        var client = server.Client;
        await client.PostAsync("/webhooks", $$"""{"url":"{{receiver.Url}}","events":["wallet.created"]}""");
        await ThingsAsync(client);
        await MoneyAsync(client);
        await HoldsAsync(client);
        await PoliciesAsync(client);
        await Task.Delay(1_100);
        await client.GetAsync("/wallets/ann");

        var missing = EventNames.Known.ToHashSet();
        for (var i = 0; i < 100 && missing.Contains("webhook.disabled"); i++)
        {
            await Task.Delay(50);
            await foreach (var one in AllAsync(client)) missing.Remove(one.GetProperty("type").GetString()!);
        }

        Assert.Empty(missing);
        var sequence = 0;
        await foreach (var one in AllAsync(client))
        {
            var type = one.GetProperty("type").GetString()!;
            Assert.Equal($"seq_{++sequence:D12}", one.GetProperty("sequence").GetString());
            Assert.Equal("default", one.GetProperty("tenant_id").GetString());
            Assert.StartsWith("txn_", one.GetProperty("transaction_id").GetString());
            if (Moving.Contains(type)) Assert.True(one.GetProperty("data").TryGetProperty("balance_after", out _), type);
        }

        var disabled = (await client.GetAsync("/v1/events?from_sequence=1&types=webhook.disabled")).Data[0].GetProperty("data");
        Assert.Equal((receiver.Url, "the receiver answered 410"), (disabled.GetProperty("url").GetString(), disabled.GetProperty("reason").GetString()));
    }

    private static async Task ThingsAsync(TestClient client)
    {
        await client.PostAsync("/assets", """{"code":"GEM","name":"Gems","scale":0}""");
        await client.PostAsync("/assets/GEM/deactivate");
        await client.PostAsync("/assets/GEM/activate");
        await client.SendAsync(HttpMethod.Patch, "/assets/GEM", """{"name":"Jewels"}""", "a");
        foreach (var name in new[] { "ann", "bob", "gone" }) await client.WalletAsync(name, "USD", 0);
        await client.PostAsync("/wallets/gone/freeze");
        await client.PostAsync("/wallets/gone/unfreeze");
        await client.PostAsync("/wallets/gone/close");
        await client.SendAsync(HttpMethod.Patch, "/wallets/ann", """{"name":"Ann"}""", "w");
    }

    private static async Task MoneyAsync(TestClient client)
    {
        var credit = await client.PostAsync("/credits", """{"wallet_id":"ann","amount":1000,"asset":"USD"}""");
        await client.PostAsync("/credits", """{"wallet_id":"ann","amount":5,"asset":"EUR","lot":{"expires_in":1}}""");
        await client.SendAsync(HttpMethod.Patch, $"/lots/{credit.Data.GetProperty("lot").GetProperty("id").GetString()}", """{"attributes":{"a":1}}""", "l");
        var transfer = await client.PostAsync("/transfers", """{"from_wallet_id":"ann","to_wallet_id":"bob","amount":100,"asset":"USD"}""");
        await client.PostAsync($"/transfers/{transfer["id"]}/reverse");
        await client.PostAsync($"/credits/{credit["id"]}/reverse", """{"amount":10}""");
        await client.PostAsync("/debits", """{"wallet_id":"ann","amount":10,"asset":"USD"}""");
    }

    private static async Task HoldsAsync(TestClient client)
    {
        var open = (await client.PostAsync("/reservations", """{"wallet_id":"ann","amount":100,"asset":"USD"}"""))["id"];
        await client.PostAsync($"/reservations/{open}/increment", """{"amount":10}""");
        await client.PostAsync($"/reservations/{open}/extend", """{"expires_in":600}""");
        await client.PostAsync($"/reservations/{open}/commit", """{"amount":10,"final":false}""");
        await client.PostAsync($"/reservations/{open}/release", """{"amount":10}""");
        await client.PostAsync($"/reservations/{open}/commit", """{"to_wallet_id":"house_wallet"}""");
        var back = (await client.PostAsync("/reservations", """{"wallet_id":"ann","amount":100,"asset":"USD"}"""))["id"];
        await client.PostAsync($"/reservations/{back}/release");
        await client.PostAsync("/reservations", """{"wallet_id":"ann","amount":1,"asset":"USD","expires_in":1}""");
    }

    private static async Task PoliciesAsync(TestClient client)
    {
        var policy = (await client.PostAsync("/policies", """{"name":"bonus","rules":[{"type":"wagering","required":1}]}"""))["id"];
        await client.PostAsync($"/policies/{policy}/deprecate");
        await client.PostAsync($"/policies/{policy}/activate");
        await client.WalletAsync("player", "USD", 0);
        await client.PostAsync("/credits", $$"""{"wallet_id":"player","amount":100,"asset":"USD","policy_id":"{{policy}}"}""");
        Assert.Equal(201, (await client.PostAsync("/debits", """{"wallet_id":"player","amount":100,"asset":"USD","intent":"wager"}""")).Status);
        await client.PostAsync("/credits", $$"""{"wallet_id":"player","amount":100,"asset":"USD","policy_id":"{{policy}}"}""");
        Assert.Equal(201, (await client.PostAsync("/debits", """{"wallet_id":"player","amount":50,"asset":"USD","intent":"wager"}""")).Status);
    }

    private static async IAsyncEnumerable<System.Text.Json.JsonElement> AllAsync(TestClient client)
    {
        var cursor = "";
        do
        {
            var page = (await client.GetAsync("/events?from_sequence=1&limit=100" + cursor)).Json;
            foreach (var one in page.GetProperty("data").EnumerateArray()) yield return one;
            var next = page.GetProperty("pagination").GetProperty("next_cursor");
            cursor = next.ValueKind == System.Text.Json.JsonValueKind.Null ? "" : "&cursor=" + Uri.EscapeDataString(next.GetString()!);
        }
        while (cursor.Length > 0);
    }
}
