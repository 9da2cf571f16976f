namespace PhoenixCore.Server.Tests.Examples;

/// <summary>Prepaid and stored value.</summary>
public sealed class PrepaidExamples
{
    [Fact]
    public async Task A_top_up_that_is_notified_twice_is_booked_once_and_a_charge_back_takes_it_back()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("card", "EUR", 0);
        const string TopUp = """{"wallet_id":"card","amount":"50.00","asset":"EUR","reference":"psp-778"}""";
        var first = await client.PostAsync("/credits", TopUp, "psp-778");
        var second = await client.PostAsync("/credits", TopUp, "psp-778");
        Assert.Equal((first.Text, true), (second.Text, second.IsReplay));
        Assert.Equal((5_000, 0), await client.BalanceAsync("card", "EUR"));

        Assert.Equal("201", (await client.PostAsync($"/credits/{first["id"]}/reverse", """{"reason":"charge-back"}""")).Outcome);
        Assert.Equal((0, 0), await client.BalanceAsync("card", "EUR"));
    }

    [Fact]
    public async Task Many_currencies_in_one_wallet_are_exchanged_in_one_transaction()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        foreach (var (code, scale) in new[] { ("JPY", 0), ("KWD", 3) }) await client.PostAsync("/assets", $$"""{"code":"{{code}}","name":"{{code}}","scale":{{scale}}}""");
        await client.WalletAsync("traveller", "USD", 20_000);
        await client.PostAsync("/wallets", """{"external_id":"desk","pooled":true}""");
        foreach (var (code, amount) in new[] { ("JPY", "100000"), ("KWD", "100.000") }) await client.PostAsync("/credits", $$"""{"wallet_id":"desk","amount":"{{amount}}","asset":"{{code}}"}""");

        var exchange = await client.PostAsync("/transfers", """{"reference":"fx-1","legs":[{"from_wallet_id":"traveller","to_wallet_id":"desk","amount":"100.00","asset":"USD"},{"from_wallet_id":"desk","to_wallet_id":"traveller","amount":"14950","asset":"JPY"}]}""");
        Assert.Equal("201", exchange.Outcome);
        // The desk has not so many dinars: neither leg happens.
        Assert.Equal("400 INSUFFICIENT_BALANCE", (await client.PostAsync("/transfers", """{"legs":[{"from_wallet_id":"traveller","to_wallet_id":"desk","amount":"100.00","asset":"USD"},{"from_wallet_id":"desk","to_wallet_id":"traveller","amount":"100.001","asset":"KWD"}]}""")).Outcome);
        Assert.Equal((10_000, 0), await client.BalanceAsync("traveller", "USD"));
        Assert.Equal((14_950, 0), await client.BalanceAsync("traveller", "JPY"));
    }

    [Fact]
    public async Task Balance_limits_bound_what_a_card_may_hold()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("card", "EUR", 10_000);
        Assert.Equal("200", (await client.PutAsync("/wallets/card/bounds/EUR", """{"ceiling":"150.00"}""")).Outcome);
        Assert.Equal("422 BALANCE_LIMIT_EXCEEDED", (await client.PostAsync("/credits", """{"wallet_id":"card","amount":"50.01","asset":"EUR"}""")).Outcome);
        Assert.Equal("201", (await client.PostAsync("/credits", """{"wallet_id":"card","amount":"50.00","asset":"EUR"}""")).Outcome);
        Assert.Equal("150.00", (await client.GetAsync("/wallets/card/balances/EUR"))["ceiling"]);
    }

    [Fact]
    public async Task Merchants_are_settled_less_the_fee_and_paid_out()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        foreach (var pooled in new[] { "merchant", "fees" }) await client.PostAsync("/wallets", $$"""{"external_id":"{{pooled}}","pooled":true}""");
        for (var i = 0; i < 3; i++)
        {
            await client.WalletAsync($"card-{i}", "EUR", 10_000);
            Assert.Equal("201", (await client.PostAsync("/transfers", $$"""{"reference":"sale-{{i}}","legs":[{"from_wallet_id":"card-{{i}}","to_wallet_id":"merchant","amount":"24.25","asset":"EUR"},{"from_wallet_id":"card-{{i}}","to_wallet_id":"fees","amount":"0.75","asset":"EUR"}]}""")).Outcome);
        }

        var payout = await client.PostAsync("/debits", """{"wallet_id":"merchant","amount":"72.75","asset":"EUR","reference":"payout-2030-01"}""");
        Assert.Equal("201", payout.Outcome);
        Assert.Equal((0, 0), await client.BalanceAsync("merchant", "EUR"));
        Assert.Equal((225, 0), await client.BalanceAsync("fees", "EUR"));
        Assert.Equal("True", (await client.GetAsync("/ledger/trial-balance"))["balanced"]);
    }
}
