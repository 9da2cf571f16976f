using System.Text.Json;

namespace PhoenixCore.Server.Tests;

/// <summary>Lists of a wallet's lots with their filters, page by page.</summary>
public class LotListTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task Filters_are_complete_under_paging(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 0);
        var (promo, soon, used) = (new List<string>(), new List<string>(), new List<string>());
        for (var i = 0; i < 60; i++)
        {
            var asset = i % 3 == 0 ? "EUR" : "USD";
            var attributes = i % 5 == 0 ? """{"kind":"promo","tier":"gold:1","level":7}""" : i % 5 == 1 ? """{"kind":"promo","tier":"tin"}""" : "{}";
            var credit = await client.PostAsync($"{prefix}/credits", $$$"""{"wallet_id":"ann","amount":100,"asset":"{{{asset}}}","lot":{"attributes":{{{attributes}}},"expires_at":"{{{(i % 4 == 0 ? 2031 : 2040)}}}-01-01T00:00:00Z"}}""");
            var lot = credit.Data.GetProperty("lot").GetProperty("id").GetString()!;
            if (i % 5 == 0) promo.Add(lot);
            if (i % 4 == 0) soon.Add(lot);
            if (i % 7 == 0) used.Add(lot);
            if (i % 7 == 0) await client.PostAsync($"{prefix}/debits", $$$"""{"wallet_id":"ann","amount":100,"asset":"{{{asset}}}","lot_selection":{"strategy":"specific","lot_ids":["{{{lot}}}"]}}""");
        }

        Assert.Equal(promo.Except(used), await AllAsync(client, prefix, "attribute=kind:promo&attribute=tier:gold:1&attribute=level:7"));
        Assert.Equal(soon.Except(used), await AllAsync(client, prefix, "expiring_before=2035-01-01T00:00:00Z"));
        Assert.Equal(promo.Intersect(soon).Except(used), await AllAsync(client, prefix, "status=active&has_balance=true&attribute=level:7&expiring_before=2035-01-01T00:00:00Z"));
        Assert.Empty(await AllAsync(client, prefix, "attribute=kind:none"));
        Assert.Equal(60 - used.Count, (await AllAsync(client, prefix, "status=active")).Count);
        Assert.Equal(20, (await AllAsync(client, prefix, "asset=EUR")).Count + (await AllAsync(client, prefix, "asset=EUR&status=depleted")).Count);
        var depleted = await AllAsync(client, prefix, "status=depleted");
        Assert.Equal(used.AsEnumerable().Reverse(), depleted);
        Assert.Equal(used.Intersect(promo).Reverse(), await AllAsync(client, prefix, "status=depleted&attribute=level:7"));
        Assert.Equal("depleted", (await client.GetAsync($"{prefix}/wallets/ann/lots?status=depleted")).Data[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Lots_that_expired_are_listed_whether_a_reservation_still_holds_of_them_or_not()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 0);
        var lots = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var credit = await client.PostAsync("/credits", """{"wallet_id":"ann","amount":100,"asset":"USD","lot":{"attributes":{"n":"x"},"expires_in":1}}""");
            lots.Add(credit.Data.GetProperty("lot").GetProperty("id").GetString()!);
        }

        await client.PostAsync("/reservations", $$$"""{"wallet_id":"ann","amount":40,"asset":"USD","lot_selection":{"strategy":"specific","lot_ids":["{{{lots[1]}}}"]}}""");
        await client.SendAsync(HttpMethod.Patch, $"/lots/{lots[2]}", """{"attributes":{"n":"y"}}""", "k");
        await Task.Delay(1_100);
        Assert.Equal([lots[2], lots[1], lots[0]], await AllAsync(client, "", "status=expired"));
        Assert.Equal([lots[2]], await AllAsync(client, "", "status=expired&attribute=n:y"));
        Assert.Empty(await AllAsync(client, "", "status=active"));
        Assert.Equal([lots[1]], await AllAsync(client, "", "asset=USD"));
        Assert.Equal("""{"n":"y"}""", (await client.GetAsync($"/lots/{lots[2]}"))["attributes"]);
    }

    [Fact]
    public async Task Filters_that_mean_nothing_are_refused()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 100);
        foreach (var query in new[] { "status=none", "attribute=novalue", "attribute=:x", "expiring_before=soon", "has_balance=yes", "limit=0", "cursor=none", "asset=USD&asset=EUR" })
            Assert.Equal("400 VALIDATION_ERROR", (await client.GetAsync("/wallets/ann/lots?" + query)).Outcome);
        Assert.Equal("404 WALLET_NOT_FOUND", (await client.GetAsync("/wallets/none/lots")).Outcome);
        Assert.Equal("404 ASSET_NOT_FOUND", (await client.GetAsync("/wallets/ann/lots?asset=NONE")).Outcome);
    }

    /// <summary>Page by page, seven rows each; no lot twice.</summary>
    private static async Task<List<string>> AllAsync(TestClient client, string prefix, string query)
    {
        var all = new List<string>();
        var cursor = "";
        do
        {
            var page = (await client.GetAsync($"{prefix}/wallets/ann/lots?limit=7&{query}{cursor}")).Json;
            all.AddRange(page.GetProperty("data").EnumerateArray().Select(lot => lot.GetProperty("id").GetString()!));
            var next = page.GetProperty("pagination").GetProperty("next_cursor");
            cursor = next.ValueKind == JsonValueKind.Null ? "" : "&cursor=" + Uri.EscapeDataString(next.GetString()!);
        }
        while (cursor.Length > 0);
        Assert.Equal(all.Count, all.Distinct().Count());
        return all;
    }
}
