using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Server.Tests;

/// <summary>A tenant's export, and sums that go on after a restart.</summary>
public class ExportTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task An_export_has_every_transaction_asset_and_wallet_and_says_that_it_is_whole(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.PostAsync("/tenants", """{"id":"shop"}""");
        using var shop = server.ClientWith(await Tenancy.TenantRig.KeyAsync(server, "shop", "wallets:read", "wallets:write"));
        await server.Client.WalletAsync("foreign", "EUR", 777);
        await shop.WalletAsync("ann", "USD", 1_000);
        await shop.SendAsync(HttpMethod.Patch, "/wallets/ann", """{"name":"Ann"}""", "k");
        await shop.PostAsync("/debits", """{"wallet_id":"ann","amount":5000,"asset":"USD"}""");
        await shop.PostAsync("/debits", """{"wallet_id":"ann","amount":250,"asset":"USD","reference":"order-1"}""");

        var export = await server.Client.GetAsync($"{prefix}/tenants/shop/export?reason=asked");
        Assert.Equal((200, "application/x-ndjson"), (export.Status, export.Headers["Content-Type"]));
        var lines = export.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var transactions = Of(lines, "transaction");
        Assert.Equal(["CREDIT", "CONSUME"], transactions.Where(one => one.GetProperty("entries").GetArrayLength() > 0).Select(one => one.GetProperty("type").GetString()));
        Assert.Equal("order-1", transactions[^1].GetProperty("reference").GetString());
        Assert.Equal(["USD"], Of(lines, "asset").Select(one => one.GetProperty("code").GetString()));
        Assert.Contains(Of(lines, "wallet"), one => one.GetProperty("external_id").GetString() == "ann" && one.GetProperty("name").GetString() == "Ann");
        Assert.DoesNotContain("foreign", export.Text, StringComparison.Ordinal);

        var end = lines[^1];
        Assert.Equal(("end", "shop", transactions.Length), (end.GetProperty("type").GetString(), end.GetProperty("tenant").GetString(), end.GetProperty("transactions").GetInt32()));
        var before = export.Text[..(export.Text.TrimEnd('\n').LastIndexOf('\n') + 1)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before))), end.GetProperty("sha256").GetString());
        Assert.Equal("404 TENANT_NOT_FOUND", (await server.Client.GetAsync($"{prefix}/tenants/none/export")).Outcome);
        Assert.Equal("403 FORBIDDEN", (await shop.GetAsync($"{prefix}/tenants/shop/export")).Outcome);
    }

    /// <summary>A server that forgot its sums would add the whole journal again, at 1,000,000 transactions a question.</summary>
    [Fact]
    public async Task The_trial_balance_goes_on_after_a_restart_from_where_it_was()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("ann", "USD", 1_000);
        var before = await server.Client.GetAsync("/ledger/trial-balance");
        await server.RestartAsync();
        var file = Path.Combine(server.DataDirectory, "trial-balance.json");
        Assert.Contains("\"Through\":", File.ReadAllText(file), StringComparison.Ordinal);
        var after = await server.Client.GetAsync("/ledger/trial-balance");
        Assert.Equal(("True", "True", before["assets"]), (after["balanced"], after["complete"], after["assets"]));
        await server.Client.PostAsync("/debits", """{"wallet_id":"ann","amount":250,"asset":"USD"}""");
        Assert.Equal("2", (await server.Client.GetAsync("/ledger/trial-balance")).Data.GetProperty("assets")[0].GetProperty("postings").ToString());

        // What is not whole does not count, and costs nothing but a new addition.
        await server.StopAsync();
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"Postings\":2", "\"Postings\":9", StringComparison.Ordinal));
        await server.RestartAsync();
        var again = await server.Client.GetAsync("/ledger/trial-balance");
        Assert.Equal(("True", "True", "2"), (again["balanced"], again["complete"], again.Data.GetProperty("assets")[0].GetProperty("postings").ToString()));
    }

    private static JsonElement[] Of(JsonElement[] lines, string type) => [.. lines.Where(line => line.GetProperty("type").GetString() == type).Select(line => line.GetProperty(type))];
}
