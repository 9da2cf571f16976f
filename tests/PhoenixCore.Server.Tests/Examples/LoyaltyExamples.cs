namespace PhoenixCore.Server.Tests.Examples;

/// <summary>Loyalty and rewards.</summary>
public sealed class LoyaltyExamples
{
    [Fact]
    public async Task Points_are_issued_to_many_members_at_once()
    {
        await using var server = await MembersAsync();
        var client = server.Client;
        var issued = await client.PostAsync("/batches", """{"operations":[{"type":"credit","wallet_id":"ann","amount":"150","asset":"POINTS","reference":"order-1"},{"type":"credit","wallet_id":"bob","amount":"80","asset":"POINTS","reference":"order-2"}]}""");
        Assert.Equal("201", issued.Outcome);
        Assert.Equal((150, 0), await client.BalanceAsync("ann", "POINTS"));
        Assert.Equal((80, 0), await client.BalanceAsync("bob", "POINTS"));
        // Half a batch is never issued.
        Assert.Equal("404 WALLET_NOT_FOUND", (await client.PostAsync("/batches", """{"operations":[{"type":"credit","wallet_id":"ann","amount":"1","asset":"POINTS"},{"type":"credit","wallet_id":"cid","amount":"1","asset":"POINTS"}]}""")).Outcome);
        Assert.Equal((150, 0), await client.BalanceAsync("ann", "POINTS"));
    }

    [Fact]
    public async Task Expiration_rules_spend_what_ends_first_and_forfeit_the_rest()
    {
        await using var server = await MembersAsync();
        var client = server.Client;
        await client.PostAsync("/credits", """{"wallet_id":"ann","amount":"100","asset":"POINTS"}""");
        var summer = await client.PostAsync("/credits", """{"wallet_id":"ann","amount":"60","asset":"POINTS","lot":{"expires_in":86400,"attributes":{"campaign":"summer"}}}""");
        var lot = summer.Data.GetProperty("lot").GetProperty("id").GetString()!;
        await client.PostAsync("/debits", """{"wallet_id":"ann","amount":"50","asset":"POINTS","lot_selection":{"strategy":"expiring_first"}}""");
        Assert.Equal("10", (await client.GetAsync($"/lots/{lot}"))["available_amount"]);

        // The campaign is prolonged, then ended by hand.
        Assert.Equal("200", (await client.SendAsync(HttpMethod.Patch, $"/lots/{lot}", """{"expires_in":172800}""", "prolonged")).Outcome);
        Assert.Equal("10", (await client.PostAsync($"/lots/{lot}/expire", """{"reason":"campaign over"}"""))["forfeited_amount"]);
        Assert.Equal((100, 0), await client.BalanceAsync("ann", "POINTS"));

        // Others end by themselves.
        await client.PostAsync("/credits", """{"wallet_id":"ann","amount":"7","asset":"POINTS","lot":{"expires_in":1}}""");
        for (var i = 0; i < 200 && await client.BalanceAsync("ann", "POINTS") != (100, 0); i++) await Task.Delay(50);
        Assert.Equal((100, 0), await client.BalanceAsync("ann", "POINTS"));
    }

    [Fact]
    public async Task Redemptions_are_tracked_to_the_lots_they_were_paid_from_and_can_be_undone()
    {
        await using var server = await MembersAsync();
        var client = server.Client;
        var earned = (await client.PostAsync("/credits", """{"wallet_id":"ann","amount":"100","asset":"POINTS","reference":"order-1"}""")).Data.GetProperty("lot").GetProperty("id").GetString();
        var redeemed = await client.PostAsync("/transfers", """{"from_wallet_id":"ann","to_wallet_id":"rewards","amount":"30","asset":"POINTS","reference":"mug-1","metadata":{"item":"mug"}}""");
        Assert.Equal(earned, redeemed.Data.GetProperty("lot_movements")[0].GetProperty("from_lot_id").GetString());
        Assert.Equal(redeemed["id"], Assert.Single((await client.GetAsync("/transfers?wallet_id=ann&reference=mug-1")).Data.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(2, (await client.GetAsync($"/lots/{earned}/entries")).Data.GetArrayLength());

        Assert.Equal("201", (await client.PostAsync($"/transfers/{redeemed["id"]}/reverse", """{"reason":"mug was broken"}""")).Outcome);
        Assert.Equal((100, 0), await client.BalanceAsync("ann", "POINTS"));
    }

    [Fact]
    public async Task Tier_based_policies_let_gold_members_redeem_more_a_day_than_silver_ones()
    {
        await using var server = await MembersAsync();
        var client = server.Client;
        foreach (var member in new[] { "ann", "bob" }) await client.PostAsync("/credits", $$"""{"wallet_id":"{{member}}","amount":"5000","asset":"POINTS"}""");
        async Task<string> TierAsync(string name, int day) => (await client.PostAsync("/policies", $$"""{"name":"{{name}}","rules":[{"type":"limit","id":"daily","window":"day","max":"{{day}}"},{"type":"category","id":"catalogue","denied":["{{(name == "silver" ? "lounge" : "none")}}"]}]}"""))["id"];
        var (silver, gold) = (await TierAsync("silver", 500), await TierAsync("gold", 2_000));
        Task<TestReply> MoveToAsync(string member, string tier) => client.SendAsync(HttpMethod.Patch, $"/wallets/{member}", $$"""{"policies":["{{tier}}"]}""", Guid.NewGuid().ToString());
        Task<TestReply> RedeemAsync(string member, int points, string category) => client.PostAsync("/transfers", $$$"""{"from_wallet_id":"{{{member}}}","to_wallet_id":"rewards","amount":"{{{points}}}","asset":"POINTS","context":{"category":"{{{category}}}"} }""");
        await MoveToAsync("ann", gold);
        await MoveToAsync("bob", silver);

        Assert.Equal("201", (await RedeemAsync("ann", 2_000, "lounge")).Outcome);
        Assert.Equal("400 POLICY_VIOLATION", (await RedeemAsync("ann", 1, "mug")).Outcome);
        Assert.Equal("400 POLICY_VIOLATION", (await RedeemAsync("bob", 100, "lounge")).Outcome);
        Assert.Equal("201", (await RedeemAsync("bob", 500, "mug")).Outcome);
        Assert.Equal("400 POLICY_VIOLATION", (await RedeemAsync("bob", 1, "mug")).Outcome);

        // He rises: the new tier counts for itself, and a redemption that is undone is given back to it.
        await MoveToAsync("bob", gold);
        var redeemed = await RedeemAsync("bob", 2_000, "lounge");
        Assert.Equal("201", redeemed.Outcome);
        Assert.Equal("400 POLICY_VIOLATION", (await RedeemAsync("bob", 1, "mug")).Outcome);
        await client.PostAsync($"/transfers/{redeemed["id"]}/reverse", "{}");
        Assert.Equal("201", (await RedeemAsync("bob", 300, "mug")).Outcome);
    }

    private static async Task<TestServer> MembersAsync()
    {
        var server = await TestServer.StartAsync();
        await server.Client.PostAsync("/assets", """{"code":"POINTS","name":"Points","scale":0}""");
        foreach (var member in new[] { "ann", "bob" }) await server.Client.WalletAsync(member, "POINTS", 0);
        await server.Client.PostAsync("/wallets", """{"external_id":"rewards","pooled":true}""");
        return server;
    }
}
