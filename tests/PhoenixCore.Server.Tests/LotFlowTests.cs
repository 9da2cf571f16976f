using System.Globalization;

namespace PhoenixCore.Server.Tests;

/// <summary>Lots, richer reservations and reversals, as callers of either dialect meet them.</summary>
public class LotFlowTests
{
    [Theory]
    [InlineData("", "active", "committed")]
    [InlineData("/v1", "PENDING", "COMMITTED")]
    public async Task A_reservation_is_changed_step_by_step_and_shows_what_became_of_it(string prefix, string open, string committed)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var player = await client.WalletAsync("player", "USD", 10_000, prefix);
        var bet = await client.PostAsync($"{prefix}/reservations", $$"""{"wallet_id":"{{player}}","amount":4000,"asset":"USD"}""");
        var path = $"{prefix}/reservations/{bet["id"]}";

        var part = await client.PostAsync(path + "/commit", """{"amount":1000,"to_wallet_id":"house_wallet","final":false}""");
        Assert.Equal((200, open, "1000", "0", "3000"), (part.Status, part["status"], part["committed_amount_minor"], part["released_amount_minor"], part["held_amount_minor"]));
        Assert.StartsWith("txf_", part["transfer_id"]);
        var back = await client.PostAsync(path + "/release", """{"amount":500,"reason":"void leg"}""");
        Assert.Equal((200, open, "500", "2500"), (back.Status, back["status"], back["released_amount_minor"], back["held_amount_minor"]));
        var more = await client.PostAsync(path + "/increment", """{"amount":2000}""");
        Assert.Equal((200, "4500", "6000"), (more.Status, more["held_amount_minor"], more["amount_minor"]));
        var until = DateTimeOffset.UtcNow.AddDays(2).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var later = await client.PostAsync(path + "/extend", $$"""{"expires_at":"{{until}}"}""");
        Assert.Equal((200, until[..19]), (later.Status, later["expires_at"][..19]));

        var found = await client.GetAsync(path);
        Assert.Equal((open, "6000", "1000", "500"), (found["status"], found["amount_minor"], found["committed_amount_minor"], found["released_amount_minor"]));
        Assert.Equal(2, found.Data.GetProperty("held_lots").GetArrayLength());
        Assert.Equal(until[..19], found["expires_at"][..19]);

        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync(path + "/release", """{"amount":4501}""")).Outcome);
        var last = await client.PostAsync(path + "/capture", """{"amount":4000}""");
        Assert.Equal((200, committed, "5000", "1000"), (last.Status, last["status"], last["committed_amount_minor"], last["released_amount_minor"]));
        Assert.Equal((5_000, 0), await client.BalanceAsync(player, "USD"));
        Assert.Equal((1_000, 0), await client.BalanceAsync("house_wallet", "USD"));
    }

    [Fact]
    public async Task A_change_is_repeated_in_both_dialects_and_another_one_under_its_key_is_a_conflict()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var player = await client.WalletAsync("player", "USD", 10_000);
        var bet = await client.PostAsync("/reservations", $$"""{"wallet_id":"{{player}}","amount":4000,"asset":"USD"}""");
        var path = $"/reservations/{bet["id"]}";
        var first = await client.PostAsync(path + "/commit", """{"amount":1000,"final":false}""", "k");
        var again = await client.PostAsync(path + "/commit", """{"amount":1000,"final":false}""", "k");
        var other = await client.PostAsync("/v1" + path + "/commit", """{"amount":1000,"final":false}""", "k");
        Assert.Equal((first.Text, true, true), (again.Text, again.IsReplay, other.IsReplay));
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await client.PostAsync(path + "/commit", """{"amount":1000}""", "k")).Outcome);
    }

    [Fact]
    public async Task A_transfer_is_taken_back_in_parts_with_the_terms_that_the_lot_had()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        var credit = await client.PostAsync("/credits", """{"wallet_id":"w","amount":"10.00","asset":"USD","lot":{"expires_at":"2031-01-01T00:00:00Z","attributes":{"kind":"promo"},"restrictions":[{"type":"category"}]}}""");
        var lot = credit.Data.GetProperty("lot").GetProperty("id").GetString()!;
        var changed = await PatchAsync(client, $"/lots/{lot}", """{"expires_at":"2032-01-01T00:00:00Z","attributes":{"tier":"gold"}}""");
        Assert.Equal((200, "2032", """{"kind":"promo","tier":"gold"}"""), (changed.Status, changed["expires_at"][..4], changed["attributes"]));
        Assert.Equal("""[{"type":"category"}]""", changed["restrictions"]);

        var sent = await client.PostAsync("/transfers", """{"from_wallet_id":"w","to_wallet_id":"house_wallet","amount":"10.00","asset":"USD"}""");
        var undone = await client.PostAsync($"/transfers/{sent["id"]}/reverse", """{"amount":"4.00","reason":"voided"}""");
        Assert.Equal((201, sent["id"], "4.00", "4.00"), (undone.Status, undone["reverses"], undone["amount"], undone["reversed_amount"]));
        var rest = await client.PostAsync($"/v1/transfers/{sent["id"]}/reverse");
        Assert.Equal((201, "600", "1000"), (rest.Status, rest["amount"], rest["reversed_amount"]));
        Assert.Equal("422 ALREADY_REVERSED", (await client.PostAsync($"/transfers/{sent["id"]}/reverse")).Outcome);

        Assert.Equal((1_000, 0), await client.BalanceAsync("w", "USD"));
        var lots = (await client.GetAsync("/wallets/w/lots")).Data;
        Assert.Equal(2, lots.GetArrayLength());
        foreach (var again in lots.EnumerateArray())
        {
            Assert.Equal(("2032", """{"kind":"promo","tier":"gold"}""", "reversal"), (again.GetProperty("expires_at").GetString()![..4], again.GetProperty("attributes").GetRawText(), again.GetProperty("source").GetProperty("type").GetString()));
            Assert.Equal("""[{"type":"category"}]""", again.GetProperty("restrictions").GetRawText());
        }
    }

    [Fact]
    public async Task A_credit_is_taken_back_and_unknown_ones_are_not_found()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        var credit = await client.PostAsync("/credits", """{"wallet_id":"w","amount":1000,"asset":"USD"}""");
        var undone = await client.PostAsync($"/credits/{credit["id"]}/reverse", """{"amount":"2.50"}""", "k");
        Assert.Equal((201, credit["id"], "2.50"), (undone.Status, undone["reverses"], undone["amount"]));
        Assert.True((await client.PostAsync($"/credits/{credit["id"]}/reverse", """{"amount":"2.50"}""", "k")).IsReplay);
        Assert.Equal("422 ALREADY_REVERSED", (await client.PostAsync($"/credits/{credit["id"]}/reverse", """{"amount":"7.51"}""")).Outcome);
        Assert.Equal("404 TRANSACTION_NOT_FOUND", (await client.PostAsync($"/transfers/{credit["id"]}/reverse")).Outcome);
        Assert.Equal("404 TRANSACTION_NOT_FOUND", (await client.PostAsync("/credits/crd_none/reverse", """{"amount":"1.00"}""")).Outcome);
        Assert.Equal((750, 0), await client.BalanceAsync("w", "USD"));
    }

    [Fact]
    public async Task A_lot_takes_a_credit_in_and_is_expired_by_request()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        var credit = await client.PostAsync("/credits", """{"wallet_id":"w","amount":1000,"asset":"USD","lot":{"expires_at":"2031-01-01T00:00:00Z"}}""");
        var lot = credit.Data.GetProperty("lot").GetProperty("id").GetString()!;
        var more = await client.PostAsync("/credits", $$$"""{"wallet_id":"w","amount":500,"asset":"USD","lot":{"lot_id":"{{{lot}}}"}}""");
        Assert.Equal((201, lot), (more.Status, more.Data.GetProperty("lot").GetProperty("id").GetString()));
        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync("/credits", $$$"""{"wallet_id":"w","amount":500,"asset":"USD","lot":{"lot_id":"{{{lot}}}","attributes":{"a":1} } }""")).Outcome);

        var expired = await client.PostAsync($"/lots/{lot}/expire", """{"reason":"campaign closed"}""");
        Assert.Equal((200, "expired", "15.00", "campaign closed"), (expired.Status, expired["status"], expired["forfeited_amount"], expired["reason"]));
        Assert.Equal("404 LOT_NOT_FOUND", (await client.PostAsync($"/lots/{lot}/expire")).Outcome);
        Assert.Equal("404 LOT_NOT_FOUND", (await PatchAsync(client, "/lots/lot_none", """{"expires_at":"2032-01-01T00:00:00Z"}""")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await PatchAsync(client, $"/lots/{lot}", "{}")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await PatchAsync(client, $"/lots/{lot}", """{"expires_at":null}""")).Outcome);
        Assert.Equal("400 IDEMPOTENCY_KEY_REQUIRED", (await client.SendAsync(HttpMethod.Patch, $"/lots/{lot}", "{}", null)).Outcome);
    }

    [Fact]
    public async Task Attributes_are_merged_and_null_takes_one_away()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        var credit = await client.PostAsync("/credits", """{"wallet_id":"w","amount":1000,"asset":"USD","lot":{"attributes":{"a":1,"b":[2]}}}""");
        var lot = credit.Data.GetProperty("lot").GetProperty("id").GetString()!;
        Assert.Equal("""{"a":{"x":true},"b":[2],"c":"d"}""", (await PatchAsync(client, $"/lots/{lot}", """{"attributes":{"a":{"x":true},"c":"d"}}"""))["attributes"]);
        Assert.Equal("""{"b":[2]}""", (await PatchAsync(client, $"/lots/{lot}", """{"attributes":{"a":null,"c":null}}"""))["attributes"]);
        Assert.Equal("""{"b":[2]}""", (await PatchAsync(client, $"/lots/{lot}", """{"expires_at":"2032-01-01T00:00:00Z"}"""))["attributes"]);
        Assert.Equal("{}", (await PatchAsync(client, $"/lots/{lot}", """{"attributes":{"b":null}}"""))["attributes"]);
        var shown = (await client.GetAsync("/wallets/w/lots")).Data[0];
        Assert.Equal(("{}", "2032"), (shown.GetProperty("attributes").GetRawText(), shown.GetProperty("expires_at").GetString()![..4]));
    }

    [Fact]
    public async Task A_receiver_gets_one_lot_with_the_terms_that_the_transfer_says()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 500);
        await client.WalletAsync("other", "USD", 0);
        await client.PostAsync("/credits", """{"wallet_id":"w","amount":500,"asset":"USD","lot":{"attributes":{"promo":true}}}""");
        var sent = await client.PostAsync("/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":800,"asset":"USD","destination_lot":{"inherit":false,"expires_at":"2033-01-01T00:00:00Z","attributes":{"gift":1}}}""");
        Assert.Equal((201, 2), (sent.Status, sent.Data.GetProperty("lot_movements").GetArrayLength()));
        var lot = Assert.Single((await client.GetAsync("/wallets/other/lots")).Data.EnumerateArray());
        Assert.Equal(("8.00", "2033", """{"gift":1}"""), (lot.GetProperty("available").GetString(), lot.GetProperty("expires_at").GetString()![..4], lot.GetProperty("attributes").GetRawText()));
        Assert.Equal(sent.Text, (await client.GetAsync($"/transfers/{sent["id"]}")).Text);
        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync("/transfers", """{"from_wallet_id":"w","to_wallet_id":"house_wallet","amount":1,"asset":"USD","destination_lot":{"inherit":false}}""")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync("/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":1,"asset":"USD","destination_lot":{"inherit":true,"attributes":{}}}""")).Outcome);
        Assert.Equal("201", (await client.PostAsync("/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":1,"asset":"USD","destination_lot":{"inherit":true}}""")).Outcome);
    }

    private static Task<TestReply> PatchAsync(TestClient client, string path, string body) => client.SendAsync(HttpMethod.Patch, path, body, Guid.NewGuid().ToString());
}
