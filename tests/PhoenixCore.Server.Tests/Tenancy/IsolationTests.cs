namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Two tenants on one server: what one has does not exist for the other, by any route.</summary>
public class IsolationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task By_every_route_another_tenants_things_are_answered_like_things_that_do_not_exist(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        using var theirs = await server.TenantAsync("theirs");
        var own = await Things.MakeAsync(mine, "own");
        var foreign = await Things.MakeAsync(theirs, "foreign");
        var wrong = new List<string>();
        foreach (var (method, template, scope) in server.Server.Rest.Routes)
        {
            var isOperators = scope == Auth.Scope.Admin;
            var asked = await AskAsync(mine, prefix, method, template, foreign, own);
            if (HasNoIds(method, template))
            {
                foreach (var thing in foreign.All.Where(thing => asked.Text.Contains(thing, StringComparison.Ordinal))) wrong.Add($"{method} {template} shows {thing}");
                continue;
            }

            var absent = await AskAsync(mine, prefix, method, template, Things.Absent, own);
            var expected = isOperators ? 403 : 404;
            if (asked.Status != expected || asked.Status != absent.Status || asked.Text != absent.Text) wrong.Add($"{method} {template}: {asked.Status} {asked.Text} for a foreign id, {absent.Status} {absent.Text} for one that does not exist");
            var ownReply = isOperators || template.Contains("{delivery}", StringComparison.Ordinal) || (method == "DELETE" && template == "/webhooks/{id}") ? null : await AskAsync(mine, prefix, method, template, own, own);
            if (ownReply is { Status: 404 }) wrong.Add($"{method} {template} does not find the caller's own: the test asks wrongly");
        }

        Assert.Empty(wrong);
        Assert.Equal((970, 10), await theirs.BalanceAsync(foreign.Wallet, foreign.Asset));
        Assert.Equal("active", (await theirs.GetAsync($"/wallets/{foreign.Wallet}"))["status"]);
    }

    [Fact]
    public async Task Foreign_things_beside_own_ones_are_not_found_either()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        using var theirs = await server.TenantAsync("theirs");
        var own = await Things.MakeAsync(mine, "own");
        var foreign = await Things.MakeAsync(theirs, "foreign");
        (string Path, string Body)[] bodies =
        [
            ("/transfers", $$"""{"from_wallet_id":"{{own.Wallet}}","to_wallet_id":"<wallet>","amount":1,"asset":"OWN"}"""),
            ("/transfers", $$"""{"from_wallet_id":"<wallet>","to_wallet_id":"{{own.Wallet}}","amount":1,"asset":"OWN"}"""),
            ("/transfers", $$"""{"from_wallet_id":"{{own.Wallet}}","to_wallet_id":"{{own.Other}}","amount":1,"asset":"<asset>"}"""),
            ("/transfers", $$$"""{"from_wallet_id":"{{{own.Wallet}}}","to_wallet_id":"{{{own.Other}}}","amount":1,"asset":"OWN","lot_selection":{"strategy":"specific","lot_ids":["<lot>"]}}"""),
            ("/transfers", $$"""{"legs":[{"from_wallet_id":"{{own.Wallet}}","to_wallet_id":"<wallet>","amount":1,"asset":"OWN"}]}"""),
            ("/transfers", $$"""{"reservation_id":"{{own.Reservation}}","to_wallet_id":"<wallet>"}"""),
            ("/transfers", $$"""{"reservation_id":"<reservation>","to_wallet_id":"{{own.Wallet}}"}"""),
            ($"/reservations/{own.Reservation}/commit", """{"to_wallet_id":"<wallet>"}"""),
            ("/batches", $$"""{"operations":[{"type":"debit","wallet_id":"{{own.Wallet}}","amount":1,"asset":"OWN"},{"type":"release","reservation_id":"<reservation>"}]}"""),
            ("/wallets", """{"external_id":"new","currency":"<asset>"}"""),
        ];
        foreach (var (path, body) in bodies)
        {
            var asked = await mine.PostAsync(path, Fill(body, foreign));
            var absent = await mine.PostAsync(path, Fill(body, Things.Absent));
            Assert.Equal((404, absent.Text), (asked.Status, asked.Text));
        }

        foreach (var path in new[] { $"/wallets/{own.Wallet}/balances/<asset>", "/wallets?external_id=<external>", "/wallets/<external>", $"/wallets/{own.Wallet}/lots?asset=<asset>" })
            Assert.Equal((await mine.GetAsync(Fill(path, Things.Absent))).Text, (await mine.GetAsync(Fill(path, foreign))).Text);
        Assert.Equal("400 VALIDATION_ERROR", (await mine.GetAsync($"/wallets?cursor={Cursor(foreign.Wallet)}")).Outcome);
        Assert.Equal((970, 10), await mine.BalanceAsync(own.Wallet, "OWN"));
        Assert.Equal((970, 10), await theirs.BalanceAsync(foreign.Wallet, foreign.Asset));
    }

    /// <summary>Found from the description of the routes, so that a new parameter cannot be forgotten.</summary>
    [Fact]
    public async Task By_every_parameter_of_a_query_another_tenants_things_are_answered_like_things_that_do_not_exist()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        using var theirs = await server.TenantAsync("theirs");
        var own = await Things.MakeAsync(mine, "own");
        var foreign = await Things.MakeAsync(theirs, "foreign");
        using var description = System.Text.Json.JsonDocument.Parse((await mine.GetAsync("/openapi/v1.json")).Text);
        var (wrong, asked) = (new List<string>(), 0);
        foreach (var path in description.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _) && path.Name != "/v1/events/stream"))
        {
            foreach (var parameter in path.Value.GetProperty("get").TryGetProperty("parameters", out var all) ? all.EnumerateArray().Where(one => one.GetProperty("in").GetString() == "query") : [])
            {
                var name = parameter.GetProperty("name").GetString()!;
                foreach (var thing in foreign.All.Zip(Things.Absent.All).Select(pair => (Foreign: pair.First, Absent: pair.Second)))
                {
                    var template = path.Name["/v1".Length..];
                    if (template.Contains("{key}", StringComparison.Ordinal) || template.Contains("{tenant}", StringComparison.Ordinal)) continue;
                    asked++;
                    var (there, nowhere) = (await mine.GetAsync($"{PathOf("/v1", template, own)}?{name}={Uri.EscapeDataString(thing.Foreign)}"), await mine.GetAsync($"{PathOf("/v1", template, own)}?{name}={Uri.EscapeDataString(thing.Absent)}"));
                    if (there.Status != nowhere.Status || there.Text.Replace(thing.Foreign, "*", StringComparison.Ordinal) != nowhere.Text.Replace(thing.Absent, "*", StringComparison.Ordinal)) wrong.Add($"{path.Name}?{name}={thing.Foreign}: {there.Status} {there.Text}, but {nowhere.Status} {nowhere.Text} for {thing.Absent}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked > 300, $"{asked} questions");
    }

    [Fact]
    public async Task The_same_names_and_idempotency_keys_are_free_in_every_tenant()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        using var theirs = await server.TenantAsync("theirs");
        var first = await Things.MakeAsync(mine, "same");
        var second = await Things.MakeAsync(theirs, "same");
        Assert.Empty(first.All.Except([first.External, first.Asset]).Intersect(second.All));
        var again = await theirs.PostAsync("/wallets", """{"external_id":"same"}""", "wallet same");
        Assert.True(again.IsReplay);
        Assert.Equal(second.Wallet, again["id"]);
        Assert.Equal("200", (await theirs.GetAsync("/wallets/house_wallet")).Outcome);
    }

    [Fact]
    public async Task A_request_may_name_its_own_tenant_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        using var theirs = await server.TenantAsync("theirs");
        foreach (var (named, expected) in new[] { ("\"mine\"", "201"), ("\"theirs\"", "403 FORBIDDEN"), ("\"nobody\"", "403 FORBIDDEN"), ("null", "403 FORBIDDEN"), ("7", "403 FORBIDDEN") })
            Assert.Equal(expected, (await mine.PostAsync("/wallets", $$"""{"external_id":"w","tenant_id":{{named}}}""")).Outcome);
        Assert.Equal("403 FORBIDDEN", (await mine.PostAsync("/batches", """{"operations":[{"type":"wallet","external_id":"x","tenant_id":"theirs"}]}""")).Outcome);
        Assert.Equal("200", (await mine.GetAsync("/wallets?tenant_id=mine")).Outcome);
        Assert.Equal("403 FORBIDDEN", (await mine.GetAsync("/wallets?tenant_id=theirs")).Outcome);
        Assert.Equal("404 WALLET_NOT_FOUND", (await theirs.GetAsync("/wallets/w")).Outcome);
        Assert.Equal("404 WALLET_NOT_FOUND", (await mine.GetAsync("/wallets/x")).Outcome);
    }

    [Fact]
    public async Task Tenants_their_status_and_their_keys_survive_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await server.TenantAsync("mine");
        var key = await server.KeyAsync("mine", "wallets:read");
        var own = await Things.MakeAsync(mine, "own");
        using var theirs = await server.TenantAsync("theirs");
        await server.Client.PostAsync("/tenants/theirs/suspend", """{"reason":"late"}""");
        await server.RestartAsync();

        using var reader = server.ClientWith(key);
        Assert.Equal("own", (await reader.GetAsync($"/wallets/{own.Wallet}"))["external_id"]);
        var listed = await server.Client.GetAsync("/tenants");
        Assert.Equal(["default active", "mine active", "theirs suspended"], listed.Json.GetProperty("data").EnumerateArray().Select(tenant => $"{tenant.GetProperty("id")} {tenant.GetProperty("status")}"));
    }

    /// <summary>Lists, and what makes things out of nothing: there is no id to give; foreign things must just not show.</summary>
    private static bool HasNoIds(string method, string template) => (method, template) is ("GET" or "POST", "/wallets" or "/assets" or "/webhooks" or "/policies")
        || (method == "GET" && template is ("/credits" or "/transfers" or "/debits" or "/reservations" or "/ledger/transactions" or "/ledger/entries" or "/ledger/trial-balance" or "/events" or "/events/stream"));

    /// <summary>Sends the route its method, with ids of one owner wherever the route takes one.</summary>
    private static Task<TestReply> AskAsync(TestClient client, string prefix, string method, string template, Things ids, Things own)
    {
        var path = PathOf(prefix, template, ids);
        if (template == "/events/stream") path += "?types=none"; // it would go on for ever
        return client.SendAsync(new HttpMethod(method), path, method == "GET" ? null : Fill(Body(template), ids), method == "GET" ? null : Guid.NewGuid().ToString());
    }

    internal static string PathOf(string prefix, string template, Things ids) =>
        prefix + string.Join('/', template.Split('/').Select(segment => segment.StartsWith('{') ? Uri.EscapeDataString(Parameter(template, segment, ids)) : segment));

    private static string Parameter(string template, string name, Things ids) => (template.Split('/')[1], name) switch
    {
        (_, "{external_id}") => ids.External,
        (_, "{asset}" or "{code}") => ids.Asset,
        ("operations", "{key}") => ids.Key,
        ("tenants", "{tenant}") => ids == Things.Absent ? "nobody" : "theirs",
        ("tenants", "{key}") => "0123456789ab",
        ("wallets", "{id}") => ids.Wallet,
        ("credits", "{id}") => ids.Credit,
        ("transfers", "{id}") => ids.Transfer,
        ("debits", "{id}") => ids.Debit,
        ("reservations", "{id}") => ids.Reservation,
        ("ledger", "{id}") => ids.Transaction,
        ("lots", "{id}") => ids.Lot,
        ("policies", "{id}") => ids.Policy,
        ("webhooks", "{id}") => ids.Webhook,
        ("webhooks", "{delivery}") => "dlv_none",
        _ => throw new InvalidOperationException($"{template}: this test does not know what {name} is"),
    };

    internal static string Body(string template) => template switch
    {
        "/wallets" => """{"external_id":"made by the test"}""",
        "/assets" => """{"code":"MADE","name":"made","scale":0}""",
        "/assets/{code}" => """{"name":"named"}""",
        "/policies" or "/policies/{id}" => """{"name":"made"}""",
        "/policies/{id}/evaluate" => """{"wallet_id":"<wallet>","amount":1,"asset":"<asset>"}""",
        "/wallets/{id}" or "/assets/{code}/policies" => """{"policies":["pol_default"]}""",
        "/wallets/{id}/bounds/{asset}" => """{"ceiling":100000}""",
        "/credits" or "/debits" or "/reservations" => """{"wallet_id":"<wallet>","amount":1,"asset":"<asset>"}""",
        "/transfers" => """{"from_wallet_id":"<wallet>","to_wallet_id":"<other>","amount":1,"asset":"<asset>"}""",
        "/reservations/{id}/transfer" => """{"to_wallet_id":"<other>"}""",
        "/batches" => """{"operations":[{"type":"credit","wallet_id":"<wallet>","amount":1,"asset":"<asset>"}]}""",
        "/reservations/{id}/increment" => """{"amount":1}""",
        "/reservations/{id}/extend" => """{"expires_in":600}""",
        "/lots/{id}" => """{"attributes":{"a":"b"}}""",
        "/operations/status" => """{"idempotency_key":"<key>"}""",
        "/tenants" => """{"id":"made"}""",
        "/webhooks" => """{"url":"https://localhost:9/hook","events":["*"]}""",
        "/webhooks/{id}/replay" => """{"failed":true}""",
        "/tenants/{tenant}/keys" => """{"scopes":["wallets:read"]}""",
        _ => "{}",
    };

    internal static string Fill(string text, Things ids) => text
        .Replace("<wallet>", ids.Wallet, StringComparison.Ordinal).Replace("<other>", ids.Other, StringComparison.Ordinal).Replace("<asset>", ids.Asset, StringComparison.Ordinal)
        .Replace("<external>", ids.External, StringComparison.Ordinal).Replace("<reservation>", ids.Reservation, StringComparison.Ordinal).Replace("<lot>", ids.Lot, StringComparison.Ordinal)
        .Replace("<key>", ids.Key, StringComparison.Ordinal);

    private static string Cursor(string id) => Uri.EscapeDataString(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}")));
}
