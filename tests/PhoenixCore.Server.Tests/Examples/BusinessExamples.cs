using System.Globalization;

namespace PhoenixCore.Server.Tests.Examples;

/// <summary>Credits between businesses.</summary>
public sealed class BusinessExamples
{
    [Fact]
    public async Task Api_credits_of_a_plan_are_used_before_those_that_were_bought()
    {
        await using var server = await CustomerAsync();
        var client = server.Client;
        await client.PostAsync("/credits", """{"wallet_id":"acme","amount":"500","asset":"CREDITS","reference":"bought"}""");
        await client.PostAsync("/credits", """{"wallet_id":"acme","amount":"1000","asset":"CREDITS","reference":"plan","lot":{"expires_in":2592000}}""");
        await client.PostAsync("/debits", """{"wallet_id":"acme","amount":"1200","asset":"CREDITS","lot_selection":{"strategy":"expiring_first"},"metadata":{"endpoint":"/v1/search"}}""");
        Assert.Equal("300", Assert.Single((await client.GetAsync("/wallets/acme/lots")).Data.EnumerateArray()).GetProperty("available_amount").GetString());
        Assert.Equal("400 INSUFFICIENT_BALANCE", (await client.PostAsync("/debits", """{"wallet_id":"acme","amount":"301","asset":"CREDITS"}""")).Outcome);
    }

    [Fact]
    public async Task Usage_is_metered_against_an_estimate_that_was_set_aside()
    {
        await using var server = await CustomerAsync();
        var client = server.Client;
        await client.PostAsync("/credits", """{"wallet_id":"acme","amount":"1000","asset":"CREDITS"}""");
        var job = (await client.PostAsync("/reservations", """{"wallet_id":"acme","amount":"400","asset":"CREDITS","expires_in":3600,"reference":"job-1"}"""))["id"];
        for (var minute = 0; minute < 3; minute++) Assert.Equal("200", (await client.PostAsync($"/reservations/{job}/commit", """{"amount":"90","final":false}""", $"job-1-{minute}")).Outcome);
        Assert.Equal("200", (await client.PostAsync($"/reservations/{job}/commit", """{"amount":"90","final":false}""", "job-1-2")).Outcome); // the meter reports the last minute again
        Assert.Equal((600, 130), await client.BalanceAsync("acme", "CREDITS"));

        var ended = await client.PostAsync($"/reservations/{job}/release");
        Assert.Equal(("released", "270", "130"), (ended["status"], ended["committed_amount"], ended["released_amount"]));
        Assert.Equal((730, 0), await client.BalanceAsync("acme", "CREDITS"));
    }

    [Fact]
    public async Task Overage_goes_below_zero_as_far_as_was_agreed()
    {
        await using var server = await CustomerAsync();
        var client = server.Client;
        await client.PostAsync("/wallets", """{"external_id":"big","pooled":true}""");
        await client.PostAsync("/credits", """{"wallet_id":"big","amount":"100","asset":"CREDITS"}""");
        Assert.Equal("200", (await client.PutAsync("/wallets/big/bounds/CREDITS", """{"floor":-50}""")).Outcome);
        Assert.Equal("201", (await client.PostAsync("/debits", """{"wallet_id":"big","amount":"140","asset":"CREDITS"}""")).Outcome);
        Assert.Equal((-40, 0), await client.BalanceAsync("big", "CREDITS"));
        Assert.Equal("400 INSUFFICIENT_BALANCE", (await client.PostAsync("/debits", """{"wallet_id":"big","amount":"11","asset":"CREDITS"}""")).Outcome);

        // The invoice for the overage is paid.
        await client.PostAsync("/credits", """{"wallet_id":"big","amount":"40","asset":"CREDITS","reference":"invoice-7"}""");
        Assert.Equal((0, 0), await client.BalanceAsync("big", "CREDITS"));
    }

    [Fact]
    public async Task An_invoice_is_reconciled_with_the_entries_of_its_time()
    {
        await using var server = await CustomerAsync();
        var client = server.Client;
        await client.PostAsync("/credits", """{"wallet_id":"acme","amount":"1000","asset":"CREDITS"}""");
        var opened = await LastAsync(client);
        foreach (var amount in new[] { 120, 30, 250 }) await client.PostAsync("/debits", $$"""{"wallet_id":"acme","amount":"{{amount}}","asset":"CREDITS","reference":"invoice-1"}""");
        var closed = await LastAsync(client);
        await client.PostAsync("/debits", """{"wallet_id":"acme","amount":"5","asset":"CREDITS","reference":"invoice-2"}""");

        var lines = (await client.GetAsync("/debits?wallet_id=acme&reference=invoice-1")).Data.EnumerateArray().Sum(row => int.Parse(row.GetProperty("amount_minor").GetString()!, CultureInfo.InvariantCulture));
        var (before, after) = (await BalanceAtAsync(client, opened), await BalanceAtAsync(client, closed));
        Assert.Equal((400, 1_000, 600), (lines, before, after));
        Assert.Equal(before - after, lines);
    }

    private static async Task<TestServer> CustomerAsync()
    {
        var server = await TestServer.StartAsync();
        await server.Client.PostAsync("/assets", """{"code":"CREDITS","name":"API credits","scale":0}""");
        await server.Client.WalletAsync("acme", "CREDITS", 0);
        return server;
    }

    private static async Task<string> LastAsync(TestClient client) => (await client.GetAsync("/ledger/transactions?limit=1")).Data[0].GetProperty("sequence").ToString();

    private static async Task<int> BalanceAtAsync(TestClient client, string sequence) =>
        int.Parse((await client.GetAsync($"/wallets/acme/balances/CREDITS?sequence={sequence}"))["available_minor"], CultureInfo.InvariantCulture);
}
