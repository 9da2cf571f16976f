namespace PhoenixCore.Server.Tests.Description;

/// <summary>Real requests to every route, each checked against the description with its answer.</summary>
public sealed class AnswerTests
{
    /// <summary>Neither ends nor answers JSON; events are checked as a page of them, exports by a test of their own.</summary>
    private static readonly string[] NotCalled = ["GET /events/stream", "GET /docs", "GET /tenants/{tenant}/export"];

    [Fact]
    public async Task Answers_of_every_route_fit_their_schemas()
    {
        await using var server = await TestServer.StartAsync(change: settings => settings with { WebhookPrivateTargets = true });
        var document = await DescriptionTests.DocumentAsync(server);
        var client = new DescribedClient(server.Client, document);
        await WalletsAsync(client);
        await MoneyAsync(client);
        await ReservationsAsync(client);
        await HistoryAsync(client);
        await WebhooksAsync(client);
        await PoliciesAsync(client);
        await AdministrationAsync(client);
        await client.CallAsync("GET /health", "200");
        await client.CallAsync("GET /ready", "200");
        Assert.Empty(new SchemaChecker(document).Check((await server.Client.GetAsync("/startupz")).Json, document.GetProperty("components").GetProperty("schemas").GetProperty("Startup")));

        var all = DescriptionTests.Operations(document).Select(operation => operation.Route).Where(route => route.Contains(" /v1/", StringComparison.Ordinal)).Select(route => route.Replace(" /v1/", " /", StringComparison.Ordinal));
        // Those of copies need a second server: the fault tests call them.
        Assert.Empty(all.Except(client.Succeeded).Except(NotCalled).Except(["POST /oauth/token", "GET /replication", "POST /replication/promote"]));
    }

    [Fact]
    public async Task Errors_fit_their_schema_and_are_announced()
    {
        await using var server = await TestServer.StartAsync();
        var client = new DescribedClient(server.Client, await DescriptionTests.DocumentAsync(server));
        using var nobody = server.ClientWith("phx_nobody_at_all_of_them");
        using var reader = server.ClientWith(await Tenancy.TenantRig.KeyAsync(server, "default", "assets:read"));
        var wallet = (await client.CallAsync("POST /wallets", "201", """{"external_id":"poor","currency":"USD"}"""))["id"];
        await client.CallAsync("POST /wallets", "409 DUPLICATE_EXTERNAL_ID", """{"external_id":"poor"}""");
        await client.CallAsync("POST /wallets", "401 UNAUTHORIZED", "{}", by: nobody);
        await client.CallAsync("POST /wallets", "403 FORBIDDEN", "{}", by: reader);
        await client.CallAsync("POST /wallets", "400 VALIDATION_ERROR", "{}");
        await client.CallAsync("GET /wallets/{id}", "404 WALLET_NOT_FOUND", path: "wal_none");
        await client.CallAsync("POST /credits", "400 INVALID_AMOUNT", """{"wallet_id":"poor","amount":0}""");
        await client.CallAsync("POST /credits", "404 ASSET_NOT_FOUND", """{"wallet_id":"poor","amount":1,"asset_code":"NONE"}""");
        await client.CallAsync("POST /debits", "400 INSUFFICIENT_BALANCE", """{"wallet_id":"poor","amount":"1"}""");
        await client.CallAsync("POST /transfers", "422 SAME_WALLET", """{"from_wallet_id":"poor","to_wallet_id":"poor","amount":"1"}""");
        await client.CallAsync("POST /reservations", "400 INSUFFICIENT_BALANCE", """{"wallet_id":"poor","amount":"1"}""");
        await client.CallAsync("POST /reservations/{id}/commit", "404 RESERVATION_NOT_FOUND", "{}", "rsv_none");
        await client.CallAsync("GET /ledger/transactions/{id}", "404 TRANSACTION_NOT_FOUND", path: "txn_none");
        await client.CallAsync("GET /credits/{id}", "404 CREDIT_NOT_FOUND", path: "crd_none");
        await client.CallAsync("GET /wallets", "400 VALIDATION_ERROR", query: "?limit=0");
        await client.CallAsync("POST /wallets/{id}/freeze", "200", path: wallet, key: "once");
        await client.CallAsync("POST /wallets/{id}/close", "409 IDEMPOTENCY_CONFLICT", path: wallet, key: "once");
        await client.CallAsync("POST /debits", "403 WALLET_FROZEN", """{"wallet_id":"poor","amount":"1"}""");
        await client.CallAsync("GET /operations/by-key/{key}", "404 OPERATION_NOT_FOUND", path: "never");
        await client.CallAsync("GET /webhooks/{id}", "404 WEBHOOK_NOT_FOUND", path: "whk_none");
        await client.CallAsync("GET /tenants/{tenant}", "404 TENANT_NOT_FOUND", path: "none");
        await client.CallAsync("POST /tenants/{tenant}/keys/{key}/revoke", "404 KEY_NOT_FOUND", "{}", "default none");
    }

    private static async Task WalletsAsync(DescribedClient client)
    {
        await client.CallAsync("POST /assets", "201", """{"code":"GEM","scale":0,"name":"Gems","metadata":{"a":1}}""");
        await client.CallAsync("POST /assets/{code}/deactivate", "200", "{}", "GEM");
        await client.CallAsync("POST /assets/{code}/activate", "200", """{"reason":"again"}""", "GEM");
        await client.CallAsync("GET /assets", "200");
        await client.CallAsync("GET /assets/{code}", "200", path: "GEM");
        var id = (await client.CallAsync("POST /wallets", "201", """{"external_id":"ann","holder_id":"h","currency":"USD","name":"Ann","metadata":{"vip":true}}"""))["id"];
        await client.CallAsync("POST /wallets", "201", """{"external_id":"shop","pooled":true,"policies":[]}""");
        await client.CallAsync("POST /wallets", "201", """{"external_id":"gone"}""");
        foreach (var verb in new[] { "freeze", "unfreeze", "close" }) await client.CallAsync($"POST /wallets/{{id}}/{verb}", "200", """{"reason":"asked"}""", "gone");
        await client.CallAsync("GET /wallets", "200", query: "?include_system=true&limit=100");
        await client.CallAsync("GET /wallets/{id}", "200", path: id);
        await client.CallAsync("GET /wallets/external/{external_id}", "200", path: "ann");
        await client.CallAsync("GET /wallets/by-external-id/{external_id}", "200", path: "ann");
        await client.CallAsync("PATCH /wallets/{id}", "200", """{"name":"Ann B.","metadata":{"vip":null,"since":2026}}""", "ann");
        await client.CallAsync("PUT /wallets/{id}", "200", """{"metadata":{"vip":true},"name":null}""", "ann");
        await client.CallAsync("PATCH /assets/{code}", "200", """{"name":"Jewels","scale":1,"metadata":{"b":2}}""", "GEM");
        await client.CallAsync("PUT /wallets/{id}/bounds/{asset}", "200", """{"floor":0,"ceiling":"5000000"}""", "ann USD");
        await client.CallAsync("PUT /wallets/{id}/bounds/{asset}", "200", """{"floor":-500}""", "shop USD");
    }

    private static async Task PoliciesAsync(DescribedClient client)
    {
        const string Rules = """{"name":"no more than ten","rules":[{"type":"amount","max":"10.00"}],"metadata":{"a":1}}""";
        var policy = (await client.CallAsync("POST /policies", "201", Rules))["id"];
        await client.CallAsync("PUT /policies/{id}", "200", Rules, policy);
        await client.CallAsync("GET /policies", "200");
        await client.CallAsync("GET /policies/{id}", "200", path: policy, query: "?version=1");
        await client.CallAsync("GET /policies/{id}/versions", "200", path: policy);
        await client.CallAsync("PATCH /wallets/{id}", "200", $$"""{"policies":["{{policy}}"]}""", "ann");
        await client.CallAsync("POST /policies/{id}/evaluate", "200", """{"wallet_id":"ann","amount":"1100","asset_code":"USD","operation":"consume"}""", policy);
        await client.CallAsync("PUT /wallets/{id}", "200", """{"policies":[]}""", "ann");
        await client.CallAsync("PUT /assets/{code}/policies", "200", """{"policies":[]}""", "GEM");
        foreach (var verb in new[] { "deprecate", "deactivate", "activate" }) await client.CallAsync($"POST /policies/{{id}}/{verb}", "200", "{}", policy);
    }

    private static async Task MoneyAsync(DescribedClient client)
    {
        var credit = (await client.CallAsync("POST /credits", "201", """{"wallet_id":"ann","amount":10000,"reference":"dep-1","metadata":{"by":"card"},"lot":{"expires_in":86400,"attributes":{"kind":"bonus"},"restrictions":[{"type":"category","allowed":["slots"]}]}}"""))["id"];
        await client.CallAsync("POST /credits", "201", """{"wallet_id":"ann","amount":"20.00"}""", key: "known-key");
        await client.CallAsync("POST /credits", "201", """{"wallet_id":"shop","amount":"5000","asset_code":"USD"}""");
        await client.CallAsync("GET /credits/{id}", "200", path: credit);
        await client.CallAsync("GET /credits", "200", query: "?wallet_id=ann");
        var transfer = (await client.CallAsync("POST /transfers", "201", """{"from_wallet_id":"ann","to_wallet_id":"shop","amount":"150","asset_code":"USD","lot_selection":{"strategy":"expiring_first"},"reference":"order-1"}"""))["id"];
        var legs = (await client.CallAsync("POST /transfers", "201", """{"legs":[{"from_wallet_id":"ann","to_wallet_id":"shop","amount":100},{"from_wallet_id":"shop","to_wallet_id":"ann","amount":50,"asset_code":"USD"}]}"""))["id"];
        await client.CallAsync("GET /transfers/{id}", "200", path: transfer);
        await client.CallAsync("GET /transfers/{id}", "200", path: legs);
        await client.CallAsync("GET /transfers", "200");
        var debit = (await client.CallAsync("POST /debits", "201", """{"wallet_id":"ann","amount":25}"""))["id"];
        await client.CallAsync("GET /debits/{id}", "200", path: debit);
        await client.CallAsync("GET /debits", "200");
        await client.CallAsync("POST /batches", "201", """{"operations":[{"type":"wallet","external_id":"bob"},{"type":"asset","code":"ORE","scale":3},{"type":"credit","wallet_id":"bob","amount":500,"asset":"USD"},{"type":"debit","wallet_id":"bob","amount":5,"asset":"USD"},{"type":"transfer","from_wallet_id":"bob","to_wallet_id":"ann","amount":5,"asset":"USD"},{"type":"reservation","wallet_id":"bob","amount":5,"asset":"USD"},{"type":"freeze","wallet_id":"bob"}]}""");
        await client.CallAsync("GET /operations/by-key/{key}", "200", path: "known-key");
        await client.CallAsync("POST /operations/status", "200", """{"idempotency_key":"never-sent","close":true}""");
        await client.CallAsync("POST /debits", "400 INSUFFICIENT_BALANCE", """{"wallet_id":"ann","amount":999999999}""", key: "refused-key");
        await client.CallAsync("POST /operations/status", "200", """{"idempotency_key":"refused-key"}""");
        await client.CallAsync("GET /wallets/{id}/balances", "200", path: "ann");
        await client.CallAsync("GET /wallets/{id}/balance", "200", path: "ann", query: "?asset=USD");
        await client.CallAsync("GET /wallets/{id}/balances", "200", path: "ann", query: "?sequence=20");
        await client.CallAsync("GET /wallets/{id}/balances/{asset}", "200", path: "ann USD");
        await client.CallAsync("GET /wallets/{id}/balance/{asset}", "200", path: "ann USD", query: "?sequence=20");
        var lots = await client.CallAsync("GET /wallets/{id}/lots", "200", path: "ann", query: "?has_balance=true&status=active");
        var lot = lots.Json.GetProperty("data")[0].GetProperty("id").GetString()!;
        await client.CallAsync("GET /lots/{id}", "200", path: lot);
        await client.CallAsync("GET /lots/{id}/entries", "200", path: lot);
        await client.CallAsync("PATCH /lots/{id}", "200", """{"expires_in":172800,"attributes":{"kind":"gift"}}""", lot);
        await client.CallAsync("POST /transfers/{id}/reverse", "201", """{"amount":50,"reason":"mistake"}""", transfer);
        var wrong = await client.CallAsync("POST /credits", "201", """{"wallet_id":"ann","amount":700,"lot":{"expires_in":600}}""");
        await client.CallAsync("POST /credits/{id}/reverse", "201", """{"amount":300}""", wrong["id"]);
        await client.CallAsync("POST /credits/{id}/reverse", "422 ALREADY_REVERSED", """{"amount":500}""", wrong["id"]);
        await client.CallAsync("POST /lots/{id}/expire", "200", """{"reason":"asked"}""", wrong.Data.GetProperty("lot").GetProperty("id").GetString()!);
    }

    private static async Task ReservationsAsync(DescribedClient client)
    {
        var open = await HoldAsync(client);
        await client.CallAsync("GET /reservations/{id}", "200", path: open);
        foreach (var verb in new[] { "commit", "capture" }) await client.CallAsync($"POST /reservations/{{id}}/{verb}", "200", """{"amount":40,"to_wallet_id":"shop"}""", await HoldAsync(client));
        foreach (var verb in new[] { "release", "cancel" }) await client.CallAsync($"POST /reservations/{{id}}/{verb}", "200", """{"reason":"won"}""", await HoldAsync(client));
        var consumed = await HoldAsync(client);
        await client.CallAsync("POST /reservations/{id}/commit", "200", path: consumed);
        await client.CallAsync("GET /reservations/{id}", "200", path: consumed);
        await client.CallAsync("DELETE /reservations/{id}", "200", path: await HoldAsync(client));
        await client.CallAsync("POST /reservations/{id}/transfer", "201", """{"to_wallet_id":"shop"}""", await HoldAsync(client));
        await client.CallAsync("POST /transfers", "201", $$"""{"reservation_id":"{{await HoldAsync(client)}}","to_wallet_id":"shop","amount":"10"}""");
        var changed = await HoldAsync(client);
        await client.CallAsync("POST /reservations/{id}/increment", "200", """{"amount":50}""", changed);
        await client.CallAsync("POST /reservations/{id}/extend", "200", """{"expires_in":900,"reason":"rain"}""", changed);
        await client.CallAsync("POST /reservations/{id}/commit", "200", """{"amount":30,"to_wallet_id":"shop","final":false}""", changed);
        await client.CallAsync("POST /reservations/{id}/release", "200", """{"amount":30}""", changed);
        await client.CallAsync("GET /reservations/{id}", "200", path: changed);
        await client.CallAsync("GET /reservations", "200", query: "?status=pending");
        await client.CallAsync("GET /wallets/{id}/reservations", "200", path: "ann", query: "?limit=100");
    }

    private static async Task<string> HoldAsync(DescribedClient client) =>
        (await client.CallAsync("POST /reservations", "201", """{"wallet_id":"ann","amount":100,"expires_in":600,"metadata":{"game":"chess"},"reference":"bet"}"""))["id"];

    private static async Task HistoryAsync(DescribedClient client)
    {
        var rows = await client.CallAsync("GET /ledger/transactions", "200", query: "?limit=100");
        await client.CallAsync("GET /ledger/transactions/{id}", "200", path: rows.Json.GetProperty("data")[0].GetProperty("id").GetString()!);
        await client.CallAsync("GET /ledger/entries", "200", query: "?limit=100&asset=USD&min_amount=1");
        await client.CallAsync("GET /wallets/{id}/transactions", "200", path: "ann", query: "?type=CREDIT,TRANSFER");
        await client.CallAsync("GET /wallets/{id}/entries", "200", path: "ann", query: "?direction=debit&account=available");
        await client.CallAsync("GET /ledger/trial-balance", "200");
        await client.CallAsync("GET /events", "200", query: "?from_sequence=1&limit=100");
    }

    private static async Task WebhooksAsync(DescribedClient client)
    {
        await using var receiver = await Webhooks.Receiver.StartAsync();
        receiver.Answer = (http, _) => Task.FromResult(http.Response.StatusCode = 500);
        var made = (await client.CallAsync("POST /webhooks", "201", $$"""{"url":"{{receiver.Url}}","metadata":{"team":"risk"},"events":["*"],"ordering":"wallet"}"""))["id"];
        await client.CallAsync("GET /webhooks", "200");
        await client.CallAsync("GET /webhooks/{id}", "200", path: made);
        await client.CallAsync("POST /webhooks/{id}/test", "200", path: made);
        await client.CallAsync("POST /webhooks/{id}/rotate-secret", "200", path: made);
        await client.CallAsync("POST /webhooks/{id}/replay", "202", """{"from_sequence":"1","to_sequence":"3"}""", made);
        var deliveries = await client.CallAsync("GET /webhooks/{id}/deliveries", "200", path: made);
        await client.CallAsync("POST /webhooks/{id}/deliveries/{delivery}/retry", "202", path: $"{made} {deliveries.Json.GetProperty("data")[0].GetProperty("id").GetString()}");
        await client.CallAsync("PATCH /webhooks/{id}", "200", """{"status":"disabled"}""", made);
        await client.CallAsync("PUT /webhooks/{id}", "200", """{"events":["wallet.credited"]}""", made);
        await client.CallAsync("DELETE /webhooks/{id}", "204", path: made);
    }

    private static async Task AdministrationAsync(DescribedClient client)
    {
        await client.CallAsync("POST /tenants", "201", """{"id":"other","reason":"test"}""");
        await client.CallAsync("GET /tenants", "200");
        await client.CallAsync("GET /tenants/{tenant}", "200", path: "other");
        await client.CallAsync("POST /tenants/{tenant}/suspend", "200", "{}", "other");
        await client.CallAsync("POST /tenants/{tenant}/resume", "200", "{}", "other");
        var key = (await client.CallAsync("POST /tenants/{tenant}/keys", "201", """{"scopes":["wallets:read"],"name":"k","expires_in":3600}""", "other"))["id"];
        var next = (await client.CallAsync("POST /tenants/{tenant}/keys/{key}/rotate", "201", """{"overlap_seconds":0}""", $"other {key}"))["id"];
        await client.CallAsync("GET /tenants/{tenant}/keys", "200", path: "other");
        await client.CallAsync("POST /tenants/{tenant}/keys/{key}/revoke", "200", "{}", $"other {next}");
        await client.CallAsync("DELETE /tenants/{tenant}/keys/{key}", "200", path: $"other {next}");
        await client.CallAsync("POST /tenants/{tenant}/suspend", "200", "{}", "other");
        await client.CallAsync("POST /tenants/{tenant}/erase", "200", """{"reason":"asked for"}""", "other");
        await client.CallAsync("POST /snapshots", "201");
        await client.CallAsync("GET /snapshots", "200");
    }
}
