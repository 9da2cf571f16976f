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

    private static async Task<string> BetAsync(TestClient client, string stake) =>
        (await client.PostAsync("/reservations", $$$"""{"wallet_id":"player","amount":"{{{stake}}}","asset":"USD","expires_in":3600,"metadata":{"game":"blackjack"}}"""))["id"];
}
