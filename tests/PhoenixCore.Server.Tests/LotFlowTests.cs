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

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task A_receiver_gets_a_lot_under_the_policy_that_the_transfer_says(string dialect)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 500);
        await client.WalletAsync("other", "USD", 0);
        var gift = (await client.PostAsync("/policies", """{"name":"gift","rules":[{"type":"intent","id":"no-cash","denied":["cashout"]},{"type":"wagering","multiplier":2}]}"""))["id"];
        var words = $$"""{"from_wallet_id":"w","to_wallet_id":"other","amount":100,"asset":"USD","destination_lot":{"policy_id":"{{gift}}"} }""";
        Assert.Equal("201", (await client.PostAsync(dialect + "/transfers", words)).Outcome);
        var lot = Assert.Single((await client.GetAsync("/wallets/other/lots")).Data.EnumerateArray());
        Assert.Equal((gift, "1", "2.00"), (lot.GetProperty("policy_id").GetString(), lot.GetProperty("policy_version").GetRawText(), lot.GetProperty("wagering_remaining").GetString()));
        Assert.Equal("400 POLICY_VIOLATION", (await client.PostAsync("/debits", """{"wallet_id":"other","amount":1,"asset":"USD","intent":"cashout"}""")).Outcome);

        var held = (await client.PostAsync("/reservations", """{"wallet_id":"w","amount":100,"asset":"USD"}"""))["id"];
        Assert.Equal("200", (await client.PostAsync($"{dialect}/reservations/{held}/commit", $$"""{"to_wallet_id":"other","destination_lot":{"policy_id":"{{gift}}"} }""")).Outcome);
        Assert.Equal([gift, gift], (await client.GetAsync("/wallets/other/lots")).Data.EnumerateArray().Select(row => row.GetProperty("policy_id").GetString()));
        await client.PostAsync($"/policies/{gift}/deprecate");
        Assert.Equal("400 INVALID_POLICY", (await client.PostAsync(dialect + "/transfers", words)).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task A_capture_above_the_held_amount_is_granted_as_far_as_a_policy_says(string dialect)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 1_000);
        var held = (await client.PostAsync("/reservations", """{"wallet_id":"w","amount":100,"asset":"USD"}"""))["id"];
        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync($"{dialect}/reservations/{held}/commit", """{"amount":101}""")).Outcome);
        var tips = (await client.PostAsync("/policies", """{"name":"tips","overcapture":{"percent":20,"amount":"0.10"}}"""))["id"];
        await client.SendAsync(HttpMethod.Patch, $"/wallets/{wallet}", $$"""{"policies":["{{tips}}"]}""", Guid.NewGuid().ToString());
        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync($"{dialect}/reservations/{held}/commit", """{"amount":111}""")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync($"{dialect}/reservations/{held}/commit", """{"amount":110,"final":false}""")).Outcome);
        var captured = await client.PostAsync($"{dialect}/reservations/{held}/commit", """{"amount":110,"to_wallet_id":"house_wallet"}""");
        Assert.Equal("200", captured.Outcome);
        var shown = await client.GetAsync($"/reservations/{held}");
        Assert.Equal(("committed", "1.10"), (shown["status"], shown["committed_amount"]));
        Assert.Equal((890, 0), await client.BalanceAsync(wallet, "USD"));
    }

    [Fact]
    public async Task A_reversal_makes_a_lot_again_that_obeys_its_policy_and_gives_the_limit_back()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 0);
        var promo = (await client.PostAsync("/policies", """{"name":"promo","rules":[{"type":"attribute","id":"keep","field":"withdrawable","op":"eq","value":true,"when":{"intent":"cashout"} }]}"""))["id"];
        var capped = (await client.PostAsync("/policies", """{"name":"capped","rules":[{"type":"limit","id":"cap","window":"lifetime","max":500}]}"""))["id"];
        await client.SendAsync(HttpMethod.Patch, $"/wallets/{wallet}", $$"""{"policies":["{{capped}}"]}""", Guid.NewGuid().ToString());
        await client.PostAsync("/credits", $$$"""{"wallet_id":"w","amount":500,"asset":"USD","policy_id":"{{{promo}}}","lot":{"attributes":{"withdrawable":false},"restrictions":[{"type":"amount","id":"max","max":400,"when":{"operation":"consume"} }]}}""");
        await client.PutAsync($"/policies/{promo}", """{"name":"promo","rules":[]}""");
        var sent = (await client.PostAsync("/transfers", """{"from_wallet_id":"w","to_wallet_id":"house_wallet","amount":500,"asset":"USD"}"""))["id"];
        Assert.Equal("201", (await client.PostAsync($"/transfers/{sent}/reverse", "{}")).Outcome);

        var lot = (await client.GetAsync("/wallets/w/lots?status=active")).Data.EnumerateArray().Last();
        Assert.Equal((promo, "1", """{"withdrawable":false}"""), (lot.GetProperty("policy_id").GetString(), lot.GetProperty("policy_version").GetRawText(), lot.GetProperty("attributes").GetRawText()));
        Assert.Equal("max", lot.GetProperty("restrictions")[0].GetProperty("id").GetString());
        string RuleOf(TestReply reply) => reply.Json.GetProperty("error").GetProperty("details").EnumerateArray().Single(detail => detail.GetProperty("field").GetString() == "rule").GetProperty("message").GetString()!;
        Assert.Equal("keep", RuleOf(await client.PostAsync("/debits", """{"wallet_id":"w","amount":1,"asset":"USD","intent":"cashout"}""")));
        Assert.Equal("max", RuleOf(await client.PostAsync("/debits", """{"wallet_id":"w","amount":401,"asset":"USD"}""")));
        Assert.Equal("201", (await client.PostAsync("/debits", """{"wallet_id":"w","amount":400,"asset":"USD"}""")).Outcome);
    }

    private static Task<TestReply> PatchAsync(TestClient client, string path, string body) => client.SendAsync(HttpMethod.Patch, path, body, Guid.NewGuid().ToString());
}
