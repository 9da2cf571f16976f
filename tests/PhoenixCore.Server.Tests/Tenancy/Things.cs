namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>One of everything that a tenant can have, by its id.</summary>
internal sealed record Things(string Wallet, string Other, string External, string Asset, string Credit, string Transfer, string Debit, string Reservation, string Transaction, string Lot, string Key, string Webhook, string Policy)
{
    /// <summary>Ids of the right form that nobody ever got.</summary>
    public static readonly Things Absent = new(
        Id("wal"), Id("wal"), "nobody", "NONE", Id("crd"), Id("txf"), Id("dbt"), Id("rsv"), Id("txn"), Id("lot"), "no key", Id("whk"), Id("pol"));

    /// <param name="name">In every name that the tenant chooses itself; two tenants with the same name have the same names.</param>
    public static async Task<Things> MakeAsync(TestClient client, string name)
    {
        var asset = name.ToUpperInvariant();
        Assert.Equal("201", (await client.PostAsync("/assets", $$"""{"code":"{{asset}}","name":"points","scale":2}""", $"asset {name}")).Outcome);
        var wallet = await MadeAsync(client, "/wallets", $$"""{"external_id":"{{name}}"}""", $"wallet {name}");
        var other = await MadeAsync(client, "/wallets", $$"""{"external_id":"{{name}} other"}""", $"other {name}");
        var credit = await client.PostAsync("/credits", $$"""{"wallet_id":"{{wallet}}","amount":1000,"asset":"{{asset}}"}""", $"credit {name}");
        Assert.Equal("201", credit.Outcome);
        var transfer = await MadeAsync(client, "/transfers", $$"""{"from_wallet_id":"{{wallet}}","to_wallet_id":"{{other}}","amount":10,"asset":"{{asset}}"}""", $"transfer {name}");
        var debit = await MadeAsync(client, "/debits", $$"""{"wallet_id":"{{wallet}}","amount":10,"asset":"{{asset}}"}""", $"debit {name}");
        var reservation = await MadeAsync(client, "/reservations", $$"""{"wallet_id":"{{wallet}}","amount":10,"asset":"{{asset}}"}""", $"reservation {name}");
        var transaction = (await client.GetAsync($"/v1/operations/by-key/{Uri.EscapeDataString($"transfer {name}")}"))["transaction_id"];
        var webhook = await MadeAsync(client, "/webhooks", """{"url":"https://localhost:9/hook","events":["wallet.frozen"]}""", $"webhook {name}");
        var policy = await MadeAsync(client, "/policies", """{"name":"all"}""", $"policy {name}");
        return new Things(wallet, other, name, asset, credit["id"], transfer, debit, reservation, transaction, credit.Data.GetProperty("lot").GetProperty("id").GetString()!, $"transfer {name}", webhook, policy);
    }

    /// <summary>Everything that must not be seen by others.</summary>
    public IEnumerable<string> All => [Wallet, Other, External, Asset, Credit, Transfer, Debit, Reservation, Transaction, Lot, Webhook, Policy];

    private static string Id(string prefix) => $"{prefix}_0000000000000000000000000a";

    private static async Task<string> MadeAsync(TestClient client, string path, string body, string key)
    {
        var reply = await client.PostAsync(path, body, key);
        Assert.Equal("201", reply.Outcome);
        return reply["id"];
    }
}
