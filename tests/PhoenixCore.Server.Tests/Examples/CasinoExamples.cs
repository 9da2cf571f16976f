namespace PhoenixCore.Server.Tests.Examples;

/// <summary>Casino and betting.</summary>
public sealed class CasinoExamples
{
    [Fact]
    public async Task Player_wallets_one_per_currency_that_can_be_frozen()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        foreach (var currency in new[] { "USD", "EUR" }) Assert.Equal("201", (await client.PostAsync("/wallets", $$"""{"metadata":{"vip":true},"holder_id":"user_1","currency":"{{currency}}"}""")).Outcome);
        await client.PostAsync("/credits", """{"wallet_id":"user_1:USD","amount":"100.00","reference":"card-1"}""");
        Assert.Equal(2, (await client.GetAsync("/wallets?holder_id=user_1")).Data.GetArrayLength());
        Assert.Equal("100.00", (await client.GetAsync("/wallets/user_1:USD/balances/USD"))["available"]);

        // The player excludes himself: deposits still arrive, nothing leaves.
        await client.PostAsync("/wallets/user_1:USD/freeze", """{"reason":"self-exclusion"}""");
        Assert.Equal("403 WALLET_FROZEN", (await client.PostAsync("/reservations", """{"wallet_id":"user_1:USD","amount":"10.00"}""")).Outcome);
    }

    [Fact]
    public async Task Bet_reservations_are_lost_won_and_cashed_out_in_part()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("player", "USD", 10_000);
        await client.PostAsync("/credits", """{"wallet_id":"house_wallet","amount":"1000.00","asset":"USD"}""");
        var (lost, won, part) = (await BetAsync(client, "25.00"), await BetAsync(client, "10.00"), await BetAsync(client, "40.00"));
        Assert.Equal((2_500, 7_500), await client.BalanceAsync("player", "USD"));

        await client.PostAsync("/transfers", $$"""{"reservation_id":"{{lost}}","to_wallet_id":"house_wallet"}""");
        await client.PostAsync($"/reservations/{won}/release");
        await client.PostAsync("/transfers", """{"from_wallet_id":"house_wallet","to_wallet_id":"player","amount":"10.00","asset":"USD","reference":"win"}""");
        var cashedOut = await client.PostAsync($"/reservations/{part}/commit", """{"amount":"15.00","to_wallet_id":"house_wallet"}""");
        Assert.Equal(("committed", "15.00", "25.00"), (cashedOut["status"], cashedOut["committed_amount"], cashedOut["released_amount"]));
        Assert.Equal((7_000, 0), await client.BalanceAsync("player", "USD"));
        Assert.Equal((103_000, 0), await client.BalanceAsync("house_wallet", "USD"));
    }

    [Fact]
    public async Task Bonus_restrictions_let_a_bonus_be_played_on_slots_and_not_be_withdrawn_or_given_away()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("player", "USD", 10_000);
        await client.WalletAsync("friend", "USD", 0);
        var bonus = await client.PostAsync("/policies", """{"name":"free spins","operations":["reserve","commit","consume"],"rules":[{"type":"intent","id":"play-only","allowed":["wager"]},{"type":"category","id":"slots-only","field":"game","allowed":["slots"]},{"type":"amount","id":"max-bet","max":"5.00"}],"consumption":{"priority":10},"expiry":{"ttl":"P30D"}}""");
        var granted = await client.PostAsync("/credits", $$"""{"wallet_id":"player","amount":"20.00","asset":"USD","policy_id":"{{bonus["id"]}}","reference":"welcome"}""");
        var lot = granted.Data.GetProperty("lot").GetProperty("id").GetString();
        Assert.NotNull(granted.Data.GetProperty("lot").GetProperty("expires_at").GetString());

        // The bonus goes first where it may, and is stepped over where it may not.
        Assert.Equal(lot, await FirstLotAsync(client, "5.00", "slots"));
        Assert.NotEqual(lot, await FirstLotAsync(client, "5.00", "roulette"));
        Assert.NotEqual(lot, await FirstLotAsync(client, "6.00", "slots"));
        var gift = await client.PostAsync("/transfers", """{"from_wallet_id":"player","to_wallet_id":"friend","amount":"95.00","asset":"USD"}""");
        Assert.Equal("400 POLICY_VIOLATION", gift.Outcome);
        Assert.Equal("operations", gift.Json.GetProperty("error").GetProperty("details").EnumerateArray().Single(detail => detail.GetProperty("field").GetString() == "rule").GetProperty("message").GetString());
        Assert.Equal("400 POLICY_VIOLATION", (await client.PostAsync("/debits", """{"wallet_id":"player","amount":"95.00","asset":"USD","intent":"cashout"}""")).Outcome);
        Assert.Equal("201", (await client.PostAsync("/debits", """{"wallet_id":"player","amount":"89.00","asset":"USD","intent":"cashout"}""")).Outcome);
        Assert.Equal("15.00", (await client.GetAsync($"/lots/{lot}"))["available_amount"]);
    }

    [Fact]
    public async Task Wagering_requirements_turn_a_bonus_into_cash_when_it_was_played_often_enough()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("player", "USD", 0);
        await client.PostAsync("/credits", """{"wallet_id":"house_wallet","amount":"1000.00","asset":"USD"}""");
        var bonus = (await client.PostAsync("/policies", """{"name":"welcome","rules":[{"type":"wagering","id":"ten-times","multiplier":10,"contribution":{"slots":100,"blackjack":10} }]}"""))["id"];
        var lot = (await client.PostAsync("/credits", $$"""{"wallet_id":"player","amount":"10.00","asset":"USD","policy_id":"{{bonus}}"}""")).Data.GetProperty("lot").GetProperty("id").GetString();
        Assert.Equal("100.00", (await client.GetAsync($"/lots/{lot}"))["wagering_remaining"]);
        Assert.Equal("400 POLICY_VIOLATION", (await client.PostAsync("/debits", """{"wallet_id":"player","amount":"1.00","asset":"USD","intent":"cashout"}""")).Outcome);

        await PlayAsync(client, "blackjack", times: 1);
        Assert.Equal("99.50", (await client.GetAsync($"/lots/{lot}"))["wagering_remaining"]);
        await PlayAsync(client, "slots", times: 19);
        Assert.Equal("4.50", (await client.GetAsync($"/lots/{lot}"))["wagering_remaining"]);
        Assert.Equal("400 POLICY_VIOLATION", (await client.PostAsync("/debits", """{"wallet_id":"player","amount":"6.00","asset":"USD","intent":"cashout"}""")).Outcome);
        await PlayAsync(client, "slots", times: 1);
        Assert.Contains("lot.wagering_completed", (await client.GetAsync("/events?types=lot.wagering_completed")).Text, StringComparison.Ordinal);
        Assert.Equal("pol_default", (await client.GetAsync($"/lots/{lot}"))["policy_id"]);
        Assert.Equal("201", (await client.PostAsync("/debits", """{"wallet_id":"player","amount":"10.00","asset":"USD","intent":"cashout"}""")).Outcome);
    }

    /// <summary>A stake of 5.00 that wins nothing but itself.</summary>
    private static async Task PlayAsync(TestClient client, string game, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var bet = (await client.PostAsync("/reservations", $$$"""{"wallet_id":"player","amount":"5.00","asset":"USD","intent":"wager","context":{"game":"{{{game}}}"},"lot_selection":{"strategy":"lifo"} }"""))["id"];
            Assert.Equal("201", (await client.PostAsync("/transfers", $$"""{"reservation_id":"{{bet}}","to_wallet_id":"house_wallet"}""")).Outcome);
            await client.PostAsync("/transfers", """{"from_wallet_id":"house_wallet","to_wallet_id":"player","amount":"5.00","asset":"USD","intent":"payout"}""");
        }
    }

    /// <summary>The lot that a bet is paid from first; the bet is settled as lost to the house and the stake of a bonus is gone.</summary>
    private static async Task<string?> FirstLotAsync(TestClient client, string stake, string game)
    {
        var bet = await client.PostAsync("/reservations", $$$"""{"wallet_id":"player","amount":"{{{stake}}}","asset":"USD","intent":"wager","context":{"game":"{{{game}}}"} }""");
        await client.PostAsync($"/reservations/{bet["id"]}/commit");
        return bet.Data.GetProperty("held_lots")[0].GetProperty("lot_id").GetString();
    }

    private static async Task<string> BetAsync(TestClient client, string stake) =>
        (await client.PostAsync("/reservations", $$$"""{"wallet_id":"player","amount":"{{{stake}}}","asset":"USD","expires_in":3600,"metadata":{"game":"blackjack"}}"""))["id"];
}
