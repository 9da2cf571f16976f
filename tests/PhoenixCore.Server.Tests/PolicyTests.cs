using System.Text.Json;

namespace PhoenixCore.Server.Tests;

/// <summary>Policies over REST.</summary>
public sealed class PolicyTests
{
    /// <summary>A promotional lot of 25 that cannot be cashed out and a lot of 100 that can.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task Promotional_money_cannot_be_cashed_out(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var policy = await client.PostAsync($"{prefix}/policies", """
            {"name":"promo","rules":[{"type":"attribute","id":"no-cashout","field":"withdrawable","op":"eq","value":true,"when":{"intent":"cashout"},"message":"not for cash"}]}
            """);
        Assert.Equal(("201", "promo", "1"), (policy.Outcome, policy["name"], policy["version"]));
        var wallet = await client.WalletAsync("player", "USD", 0);
        var credit = await client.PostAsync($"{prefix}/credits", $$$$"""{"wallet_id":"{{{{wallet}}}}","amount":2500,"asset":"USD","lot":{"policy_id":"{{{{policy["id"]}}}}","attributes":{"withdrawable":false}}}""");
        Assert.Equal(("201", policy["id"]), (credit.Outcome, credit.Data.GetProperty("lot").GetProperty("policy_id").GetString()));
        await client.PostAsync($"{prefix}/credits", $$"""{"wallet_id":"{{wallet}}","amount":10000,"asset":"USD"}""");

        string Debit(int amount, string intent) => $$"""{"wallet_id":"{{wallet}}","amount":{{amount}},"asset":"USD","intent":"{{intent}}"}""";
        var refused = await client.PostAsync($"{prefix}/debits", Debit(11_000, "withdrawal"), key: "one");
        Assert.Equal("400 POLICY_VIOLATION", refused.Outcome);
        var details = DetailsOf(refused);
        Assert.Equal((policy["id"], "1", "no-cashout", "lot"), (details["policy"], details["version"], details["rule"], details["layer"]));
        Assert.Equal(credit.Data.GetProperty("lot").GetProperty("id").GetString(), details["lot"]);
        Assert.Equal(refused.Text, (await client.PostAsync($"{prefix}/debits", Debit(11_000, "withdrawal"), key: "one")).Text);
        if (prefix.Length > 0) Assert.Equal(refused.Text, (await client.PostAsync($"{prefix}/debits", Debit(11_000, "withdrawal"), key: "")).Text);
        Assert.Equal("400 INSUFFICIENT_BALANCE", (await client.PostAsync($"{prefix}/debits", Debit(13_000, "cashout"))).Outcome);
        Assert.Equal("201", (await client.PostAsync($"{prefix}/debits", Debit(5_000, "purchase"))).Outcome);
        Assert.Equal((7_500, 0), await client.BalanceAsync(wallet, "USD"));
    }

    [Fact]
    public async Task Versions_are_kept_and_shown_and_statuses_change()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var made = await client.PostAsync("/policies", """{"name":"tier","rules":[{"type":"amount","max":"10.00"}]}""");
        var id = made["id"];
        Assert.Equal(("1", "active"), (made["version"], made["status"]));
        Assert.Equal("2", (await client.PutAsync($"/policies/{id}", """{"name":"tier 2","rules":[{"type":"amount","max":"20.00"}]}"""))["version"]);
        var latest = await client.GetAsync($"/policies/{id}");
        Assert.Equal(("2", "active", "tier 2", "2"), (latest["version"], latest["status"], latest["name"], latest["latest_version"]));
        Assert.Equal(("1", "tier"), (await client.GetAsync($"/policies/{id}?version=1")) is var first ? (first["version"], first["name"]) : default);
        Assert.Equal("404 POLICY_NOT_FOUND", (await client.GetAsync($"/policies/{id}?version=3")).Outcome);
        Assert.Equal("404 POLICY_NOT_FOUND", (await client.GetAsync("/policies/pol_nothing")).Outcome);
        var versions = (await client.GetAsync($"/policies/{id}/versions?limit=1")).Json;
        Assert.Equal((2, true), (versions.GetProperty("data")[0].GetProperty("version").GetInt32(), versions.GetProperty("pagination").GetProperty("has_more").GetBoolean()));
        var rest = (await client.GetAsync($"/policies/{id}/versions?cursor={Uri.EscapeDataString(versions.GetProperty("pagination").GetProperty("next_cursor").GetString()!)}")).Json;
        Assert.Equal(1, rest.GetProperty("data")[0].GetProperty("version").GetInt32());
        Assert.Equal(["pol_default", id], (await client.GetAsync("/policies")).Json.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetString()));

        Assert.Equal("deprecated", (await client.PostAsync($"/policies/{id}/deprecate"))["status"]);
        Assert.Equal("400 INVALID_POLICY", (await client.PostAsync("/wallets", $$"""{"external_id":"w","policies":["{{id}}"]}""")).Outcome);
        Assert.Equal("DEPRECATED", (await client.GetAsync($"/v1/policies/{id}"))["status"]);
        Assert.Equal("active", (await client.PostAsync($"/policies/{id}/activate"))["status"]);
        Assert.Equal($"""["{id}","pol_default"]""", (await client.PostAsync("/wallets", $$"""{"external_id":"w","policies":["{{id}}","pol_default"]}"""))["policies"]);
        Assert.Equal("400 INVALID_POLICY", (await client.PostAsync("/policies/pol_default/deactivate")).Outcome);
    }

    [Fact]
    public async Task Wallets_and_assets_are_bound_and_context_comes_before_metadata()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 100_000);
        var grocery = (await client.PostAsync("/policies", """{"name":"grocery","rules":[{"type":"category","allowed":["food"]}],"operations":["consume","reserve","commit"]}"""))["id"];
        var capped = (await client.PostAsync("/policies", """{"name":"capped","rules":[{"type":"limit","id":"cap","window":"day","max":"100.00"}]}"""))["id"];
        var bound = await client.SendAsync(HttpMethod.Patch, $"/wallets/{wallet}", $$"""{"policies":["{{grocery}}"]}""", Guid.NewGuid().ToString());
        Assert.Equal(("200", $"""["{grocery}"]"""), (bound.Outcome, bound["policies"]));
        Assert.Equal($"""["{grocery}"]""", (await client.GetAsync($"/wallets/{wallet}"))["policies"]);
        Assert.Equal("200", (await client.PutAsync("/assets/USD/policies", $$"""{"policies":["{{capped}}"]}""")).Outcome);
        Assert.Equal($"""["{capped}"]""", (await client.GetAsync("/assets/USD"))["policies"]);

        string Debit(string words) => $$"""{"wallet_id":"{{wallet}}","amount":6000,"asset":"USD"{{words}}}""";
        Assert.Equal("400 POLICY_VIOLATION", (await client.PostAsync("/debits", Debit(""))).Outcome);
        Assert.Equal("400 POLICY_VIOLATION", (await client.PostAsync("/debits", Debit(""","context":{"category":"games"},"metadata":{"category":"food"}"""))).Outcome);
        Assert.Equal("201", (await client.PostAsync("/debits", Debit(""","metadata":{"category":"food"}"""))).Outcome);
        Assert.Equal("cap", DetailsOf(await client.PostAsync("/debits", Debit(""","metadata":{"category":"food"}""")))["rule"]);
        Assert.Equal("operations", DetailsOf(await client.PostAsync("/transfers", $$"""{"from_wallet_id":"{{wallet}}","to_wallet_id":"house_wallet","amount":1,"asset":"USD","context":{"category":"food"} }"""))["rule"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task A_pool_and_a_lot_that_is_added_to_take_no_policy(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 1_000);
        var policy = (await client.PostAsync($"{prefix}/policies", """{"name":"p","rules":[]}"""))["id"];
        var lot = (await client.GetAsync($"{prefix}/wallets/{wallet}/lots")).Json.GetProperty("data")[0].GetProperty("id").GetString();
        string Credit(string to, string words) => $$"""{"wallet_id":"{{to}}","amount":100,"asset":"USD"{{words}}}""";
        foreach (var words in new[] { $$""","policy_id":"{{policy}}" """, $$""","lot":{"policy_id":"{{policy}}"}""", ""","policy_id":"pol_unknown" """ })
            Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync($"{prefix}/credits", Credit("house_wallet", words))).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await client.PostAsync($"{prefix}/credits", Credit(wallet, $$""","policy_id":"{{policy}}","lot":{"lot_id":"{{lot}}"}"""))).Outcome);
        Assert.Equal("201", (await client.PostAsync($"{prefix}/credits", Credit(wallet, $$""","lot":{"lot_id":"{{lot}}"}"""))).Outcome);
        Assert.Equal((1_100, 0), await client.BalanceAsync(wallet, "USD"));
    }

    [Fact]
    public async Task A_bonus_is_wagered_free()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var bonus = (await client.PostAsync("/policies", """{"name":"bonus","rules":[{"type":"wagering","id":"w","multiplier":2,"contribution":{"roulette":"50"}}]}"""))["id"];
        var wallet = await client.WalletAsync("w", "USD", 0);
        await client.PostAsync("/credits", $$"""{"wallet_id":"{{wallet}}","amount":1000,"asset":"USD","policy_id":"{{bonus}}"}""");
        var lots = $"/wallets/{wallet}/lots";
        JsonElement Lot(TestReply reply) => reply.Json.GetProperty("data")[0];
        Assert.Equal("20.00", Lot(await client.GetAsync(lots)).GetProperty("wagering_remaining").GetString());
        string Reserve(int amount, string game) => $$$"""{"wallet_id":"{{{wallet}}}","amount":{{{amount}}},"asset":"USD","intent":"wager","context":{"game":"{{{game}}}"} }""";
        async Task BetAsync(int amount, string game)
        {
            var reservation = await client.PostAsync("/reservations", Reserve(amount, game));
            Assert.Equal("201", (await client.PostAsync("/transfers", $$"""{"reservation_id":"{{reservation["id"]}}","to_wallet_id":"house_wallet"}""")).Outcome);
            await client.PostAsync("/transfers", $$"""{"from_wallet_id":"house_wallet","to_wallet_id":"{{wallet}}","amount":{{amount}},"asset":"USD","intent":"payout"}""");
        }

        await BetAsync(200, "roulette");
        Assert.Equal("19.00", Lot(await client.GetAsync(lots)).GetProperty("wagering_remaining").GetString());
        Assert.Equal("w", DetailsOf(await client.PostAsync("/debits", $$"""{"wallet_id":"{{wallet}}","amount":900,"asset":"USD","intent":"cashout"}"""))["rule"]);
        for (var i = 0; i < 10; i++) await BetAsync(190, "slots");
        Assert.Equal("201", (await client.PostAsync("/debits", $$"""{"wallet_id":"{{wallet}}","amount":900,"asset":"USD","intent":"cashout"}""")).Outcome);
    }

    [Fact]
    public async Task An_evaluation_answers_for_each_layer_and_lot_and_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 0);
        await client.PostAsync("/credits", $$$"""{"wallet_id":"{{{wallet}}}","amount":2500,"asset":"USD","lot":{"restrictions":[{"type":"intent","id":"r","denied":["cashout"]}]}}""");
        await client.PostAsync("/credits", $$"""{"wallet_id":"{{wallet}}","amount":10000,"asset":"USD"}""");
        var verdict = await client.PostAsync("/policies/pol_default/evaluate", $$"""{"operation":"consume","wallet_id":"{{wallet}}","amount":"110.00","asset":"USD","intent":"cashout"}""");
        Assert.Equal(("200", "False", "POLICY_VIOLATION"), (verdict.Outcome, verdict["allowed"], verdict["code"]));
        Assert.Equal(["asset True", "wallet True", "restrictions False", "lot True"], verdict.Data.GetProperty("verdicts").EnumerateArray().Select(row => $"{row.GetProperty("layer")} {row.GetProperty("allowed")}"));
        Assert.Equal("True", (await client.PostAsync("/policies/pol_default/evaluate", $$"""{"wallet_id":"{{wallet}}","amount":"110.00","asset":"USD"}"""))["allowed"]);
        Assert.Equal((12_500, 0), await client.BalanceAsync(wallet, "USD"));
    }

    [Theory]
    [InlineData("""{"rules":[]}""", "400 VALIDATION_ERROR")]
    [InlineData("""{"name":"x","rules":[{"type":"nonsense"}]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","rules":[{"type":"amount","maximum":1}]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","rules":[{"type":"limit","window":"P1M","max":1}]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","rules":[{"type":"limit","window":"PT1H","max":1.5}]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","rules":[{"type":"schedule","time_zone":"Mars/Olympus"}]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","rules":[{"type":"schedule","days":["mon","fri"],"from":"22:00","to":"02:00","time_zone":"Europe/Berlin"}]}""", "201")]
    [InlineData("""{"name":"x","rules":[{"id":"a","type":"amount","max":1},{"id":"a","type":"amount","max":1}]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","rules":[{"type":"wagering","multiplier":3,"release_policy_id":"pol_unknown"}]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","intents":["Bad Intent"]}""", "400 INVALID_POLICY")]
    [InlineData("""{"name":"x","operations":["transfer","release"],"consumption":{"strategy":"lifo","priority":5},"expiry":{"ttl":"P30D"},"overcapture":{"percent":10}}""", "201")]
    [InlineData("""{"name":"x","name":"y"}""", "400 VALIDATION_ERROR")]
    public async Task A_policy_is_read_strictly(string body, string outcome)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(outcome, (await server.Client.PostAsync("/policies", body)).Outcome);
    }

    private static Dictionary<string, string> DetailsOf(TestReply reply)
    {
        Assert.Equal("400 POLICY_VIOLATION", reply.Outcome);
        return reply.Json.GetProperty("error").GetProperty("details").EnumerateArray().ToDictionary(detail => detail.GetProperty("field").GetString()!, detail => detail.GetProperty("message").GetString()!);
    }
}
