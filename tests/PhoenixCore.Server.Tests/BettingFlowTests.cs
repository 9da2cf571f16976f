namespace PhoenixCore.Server.Tests;

/// <summary>The product's own example and the vectors of its pages, step by step.</summary>
public class BettingFlowTests
{
    /// <summary>Wallet, deposit of 100 dollars, stake of 25, player loses.</summary>
    [Theory]
    [InlineData("", "active", "data")]
    [InlineData("/v1", "PENDING", "id")]
    public async Task A_lost_bet_moves_the_stake_to_the_house(string prefix, string openStatus, string topMember)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;

        var wallet = await client.PostAsync($"{prefix}/wallets", """{"holder_id":"user_9382","currency":"USD"}""");
        Assert.Equal((201, "active", "user_9382:USD", "USD"), (wallet.Status, wallet["status"], wallet["external_id"], wallet["currency"]));
        Assert.True(wallet.Json.TryGetProperty(topMember, out _));
        var id = wallet["id"];

        Assert.Equal("201", (await client.PostAsync($"{prefix}/credits", $$"""{"wallet_id":"{{id}}","amount":10000}""")).Outcome);
        Assert.Equal((10_000, 0), await client.BalanceAsync(id, "USD"));

        var bet = await client.PostAsync($"{prefix}/reservations", $$$"""{"wallet_id":"{{{id}}}","amount":2500,"metadata":{"game":"blackjack","table":"vip-1"}}""");
        Assert.Equal((201, openStatus, "2500"), (bet.Status, bet["status"], bet["amount_minor"]));
        Assert.Equal("""{"game":"blackjack","table":"vip-1"}""", bet["metadata"]);
        Assert.Equal((7_500, 2_500), await client.BalanceAsync(id, "USD"));

        var lost = await client.PostAsync($"{prefix}/transfers", $$"""{"reservation_id":"{{bet["id"]}}","to_wallet_id":"house_wallet"}""");
        Assert.Equal((201, bet["id"], "completed"), (lost.Status, lost["reservation_id"], lost["status"]));
        Assert.Equal((7_500, 0), await client.BalanceAsync(id, "USD"));
        Assert.Equal((2_500, 0), await client.BalanceAsync("house_wallet", "USD"));
        Assert.Equal("committed", (await client.GetAsync($"{prefix}/reservations/{bet["id"]}"))["status"].ToLowerInvariant());
        Assert.Equal(lost.Text, (await client.GetAsync($"{prefix}/transfers/{lost["id"]}")).Text);
    }

    [Fact]
    public async Task A_won_bet_gives_the_stake_back_and_pays_from_the_house()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var player = await client.WalletAsync("player", "USD", 10_000);
        await client.PostAsync("/credits", """{"wallet_id":"house_wallet","amount":"1000.00","asset":"USD"}""");
        var bet = await client.PostAsync("/reservations", $$"""{"wallet_id":"{{player}}","amount":"25.00","asset":"USD"}""");

        var released = await client.PostAsync($"/reservations/{bet["id"]}/release");
        Assert.Equal(("200", "released", "25.00"), (released.Outcome, released["status"], released["released_amount"]));
        await client.PostAsync("/transfers", $$"""{"from_wallet_id":"house_wallet","to_wallet_id":"{{player}}","amount":"50.00","asset":"USD"}""");
        Assert.Equal((15_000, 0), await client.BalanceAsync(player, "USD"));
        Assert.Equal("422 RESERVATION_NOT_ACTIVE", (await client.PostAsync($"/reservations/{bet["id"]}/commit")).Outcome);
    }

    [Fact]
    public async Task A_lot_shows_what_was_spent_and_what_is_held()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 50_000);
        await client.PostAsync("/debits", $$"""{"wallet_id":"{{wallet}}","amount":"150.00","asset":"USD"}""");
        await client.PostAsync("/reservations", $$"""{"wallet_id":"{{wallet}}","amount":"50.00","asset":"USD"}""");

        var lot = (await client.GetAsync($"/wallets/{wallet}/lots?status=active&has_balance=true&asset=USD")).Data[0];
        Assert.Equal(["500.00", "350.00", "50.00", "300.00"], new[] { "initial_amount", "current_amount", "reserved_amount", "available_amount" }.Select(name => lot.GetProperty(name).GetString()));
    }

    [Theory]
    [InlineData(2, 15_099, "150.99")]
    [InlineData(0, 15_099, "15099")]
    [InlineData(8, 100_000_000, "1.00000000")]
    [InlineData(4, 123_456, "12.3456")]
    public async Task Amounts_are_shown_at_the_scale_of_their_asset(int scale, long stored, string shown)
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.PostAsync("/assets", $$"""{"code":"A{{scale}}","name":"an asset","scale":{{scale}}}""");
        var wallet = await server.Client.WalletAsync("w", $"A{scale}", stored);
        var balance = await server.Client.GetAsync($"/wallets/{wallet}/balances/A{scale}");
        Assert.Equal((shown, stored.ToString(), scale.ToString()), (balance["available"], balance["available_minor"], balance["scale"]));
    }

    [Fact]
    public async Task A_wallet_holds_many_assets_each_with_its_balance()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.PostAsync("/v1/assets", """{"code":"POINTS","name":"Points","scale":0}""");
        await client.PostAsync("/v1/assets", """{"code":"PROMO_USD","name":"Promo","scale":2}""");
        var wallet = await client.WalletAsync("w", "USD", 15_000);
        foreach (var (asset, minor) in new[] { ("POINTS", 2_500), ("PROMO_USD", 1_000) })
            await client.PostAsync("/v1/credits", $$"""{"wallet_id":"{{wallet}}","amount":"{{minor}}","asset_code":"{{asset}}"}""");

        var rows = (await client.GetAsync($"/v1/wallets/{wallet}/balances")).Data.GetProperty("balances").EnumerateArray()
            .Select(row => (row.GetProperty("asset_code").GetString()!, row.GetProperty("available").GetString()!, row.GetProperty("scale").GetInt32()));
        Assert.Equal([("POINTS", "2500", 0), ("PROMO_USD", "1000", 2), ("USD", "15000", 2)], rows.Order());
    }

    /// <summary>75.00 of one lot, for as long as was said.</summary>
    [Fact]
    public async Task A_hold_of_what_expires_first_names_its_one_lot_and_lasts_as_long_as_was_said()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        var lot = (await client.PostAsync("/credits", """{"wallet_id":"w","amount":"500.00","asset":"USD","lot":{"expires_in":864000}}""")).Data.GetProperty("lot").GetProperty("id").GetString();
        var until = DateTimeOffset.UtcNow.AddHours(2).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
        var held = await client.PostAsync("/reservations", $$$"""{"wallet_id":"w","amount":"75.00","asset":"USD","expires_at":"{{{until}}}","lot_selection":{"strategy":"expiring_first"} }""");
        Assert.Equal((201, "active", "75.00", until), (held.Status, held["status"], held["amount"], held["expires_at"]));
        var slice = Assert.Single(held.Data.GetProperty("held_lots").EnumerateArray());
        Assert.Equal((lot, "75.00"), (slice.GetProperty("lot_id").GetString(), slice.GetProperty("amount").GetString()));
    }

    /// <summary>25 that cannot be withdrawn and 100 that can; each case from the first state.</summary>
    [Theory]
    [InlineData("50.00", "purchase", "201")]
    [InlineData("110.00", "cashout", "400 POLICY_VIOLATION")]
    [InlineData("130.00", "cashout", "400 INSUFFICIENT_BALANCE")]
    public async Task Promotional_money_buys_and_is_not_cashed_out(string amount, string intent, string outcome)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        var promo = (await client.PostAsync("/policies", """{"name":"promo","rules":[{"type":"attribute","field":"withdrawable","op":"eq","value":true,"when":{"intent":"cashout"} }]}"""))["id"];
        await client.PostAsync("/credits", $$$"""{"wallet_id":"w","amount":"25.00","asset":"USD","policy_id":"{{{promo}}}","lot":{"attributes":{"withdrawable":false} } }""");
        await client.PostAsync("/credits", """{"wallet_id":"w","amount":"100.00","asset":"USD"}""");
        var debit = await client.PostAsync("/debits", $$"""{"wallet_id":"w","amount":"{{amount}}","asset":"USD","intent":"{{intent}}"}""");
        Assert.Equal(outcome, debit.Outcome);
        if (debit.Status == 201) Assert.Equal(["25.00", "25.00"], debit.Data.GetProperty("lot_movements").EnumerateArray().Select(move => move.GetProperty("amount").GetString()));
        Assert.Equal((debit.Status == 201 ? 7_500 : 12_500, 0), await client.BalanceAsync("w", "USD"));
    }

    [Fact]
    public async Task A_frozen_wallet_takes_in_and_gives_nothing_out()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 100);
        await client.WalletAsync("other", "USD", 100);
        Assert.Equal("frozen", (await client.PostAsync($"/wallets/{wallet}/freeze"))["status"]);

        Assert.Equal("201", (await client.PostAsync("/credits", """{"wallet_id":"w","amount":1,"asset":"USD"}""")).Outcome);
        Assert.Equal("403 WALLET_FROZEN", (await client.PostAsync("/reservations", """{"wallet_id":"w","amount":1,"asset":"USD"}""")).Outcome);
        Assert.Equal("201", (await client.PostAsync("/transfers", """{"from_wallet_id":"other","to_wallet_id":"w","amount":1,"asset":"USD"}""")).Outcome);
    }

    [Fact]
    public async Task A_wallet_is_closed_only_when_it_is_empty_and_then_for_ever()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.WalletAsync("w", "USD", 100);
        Assert.Equal("422 WALLET_NOT_EMPTY", (await client.PostAsync($"/wallets/{wallet}/close")).Outcome);
        await client.PostAsync("/debits", """{"wallet_id":"w","amount":100,"asset":"USD"}""");
        Assert.Equal("closed", (await client.PostAsync($"/wallets/{wallet}/close"))["status"]);
        Assert.Equal("422 WALLET_CLOSED", (await client.PostAsync($"/wallets/{wallet}/unfreeze")).Outcome);
        Assert.Equal("422 WALLET_CLOSED", (await client.PostAsync("/credits", """{"wallet_id":"w","amount":1,"asset":"USD"}""")).Outcome);
        Assert.Equal("409 DUPLICATE_EXTERNAL_ID", (await client.PostAsync("/wallets", """{"external_id":"w"}""")).Outcome);
    }

    [Fact]
    public async Task A_deposit_debits_the_systems_liability_and_credits_the_wallets_lot()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var wallet = await client.PostAsync("/wallets", """{"external_id":"w"}""");
        var credit = await client.PostAsync("/credits", """{"wallet_id":"w","amount":"100.00","asset":"USD","reference":"dep-1"}""");

        var transaction = await client.GetAsync($"/ledger/transactions/{credit["transaction_id"]}");
        var entries = transaction.Data.GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal(("CREDIT", "dep-1", 2), (transaction["type"], transaction["reference"], entries.Length));
        Assert.Equal(("DEBIT", "100.00", "-100.00"), (entries[0].GetProperty("direction").GetString(), entries[0].GetProperty("amount").GetString(), entries[0].GetProperty("balance_after").GetString()));
        Assert.Equal(("CREDIT", "100.00", "100.00"), (entries[1].GetProperty("direction").GetString(), entries[1].GetProperty("amount").GetString(), entries[1].GetProperty("balance_after").GetString()));
        Assert.Equal((wallet["id"], credit.Data.GetProperty("lot").GetProperty("id").GetString()), (entries[1].GetProperty("wallet_id").GetString(), entries[1].GetProperty("lot_id").GetString()));
    }
}
