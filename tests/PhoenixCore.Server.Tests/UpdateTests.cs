namespace PhoenixCore.Server.Tests;

/// <summary>Names, metadata and policies of wallets and assets after they were made.</summary>
public class UpdateTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task A_patch_merges_metadata_a_put_replaces_them_and_both_answer_the_wallet(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        var id = (await client.PostAsync($"{prefix}/wallets", """{"external_id":"ann","holder_id":"h","currency":"USD","name":"Ann","metadata":{"a":1,"b":{"c":2}}}"""))["id"];
        var policy = (await client.PostAsync($"{prefix}/policies", """{"name":"any"}"""))["id"];

        var merged = await PatchAsync(client, $"{prefix}/wallets/ann", """{"name":"Ann B.","metadata":{"a":null,"d":"e"}}""");
        Assert.Equal((200, id, "ann", "h", "USD", "active"), (merged.Status, merged["id"], merged["external_id"], merged["holder_id"], merged["currency"], merged["status"]));
        Assert.Equal(("Ann B.", """{"b":{"c":2},"d":"e"}"""), (merged["name"], merged["metadata"]));
        var bound = await PatchAsync(client, $"{prefix}/wallets/{id}", $$"""{"policies":["{{policy}}"]}""");
        Assert.Equal(("Ann B.", "active", $"[\"{policy}\"]"), (bound["name"], bound["status"], bound["policies"]));
        var replaced = await client.PutAsync($"{prefix}/wallets/{id}", """{"metadata":{"f":3}}""");
        Assert.Equal(("Ann B.", """{"f":3}""", $"[\"{policy}\"]"), (replaced["name"], replaced["metadata"], replaced["policies"]));
        var unnamed = await PatchAsync(client, $"{prefix}/wallets/{id}", """{"name":null,"policies":[]}""");
        Assert.Equal(("", """{"f":3}""", "[]"), (unnamed["name"], unnamed["metadata"], unnamed["policies"]));

        var shown = await client.GetAsync($"{prefix}/wallets/{id}");
        Assert.Equal(unnamed.Text, shown.Text);
        await PatchAsync(client, $"{prefix}/wallets/{id}", """{"name":"Ann"}""");
        var frozen = await client.PostAsync($"{prefix}/wallets/{id}/freeze");
        Assert.Equal(("Ann", """{"f":3}""", "frozen"), (frozen["name"], frozen["metadata"], frozen["status"]));
        Assert.Equal("frozen", (await PatchAsync(client, $"{prefix}/wallets/{id}", """{"metadata":{"f":null}}"""))["status"]);

        await server.RestartAsync();
        var after = await server.Client.GetAsync($"{prefix}/wallets/{id}");
        Assert.Equal(("Ann", "{}", "frozen", "h"), (after["name"], after["metadata"], after["status"], after["holder_id"]));
    }

    [Fact]
    public async Task An_update_is_repeated_by_its_key_in_both_dialects_and_makes_one_event()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 0);
        var first = await client.SendAsync(HttpMethod.Patch, "/wallets/ann", """{"name":"Ann"}""", "k");
        await PatchAsync(client, "/wallets/ann", """{"name":"Bea"}""");
        var again = await client.SendAsync(HttpMethod.Patch, "/wallets/ann", """{"name":"Ann"}""", "k");
        Assert.Equal((first.Text, true), (again.Text, again.IsReplay));
        Assert.True((await client.SendAsync(HttpMethod.Patch, "/v1/wallets/ann", """{"name":"Ann"}""", "k")).IsReplay);
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await client.SendAsync(HttpMethod.Put, "/wallets/ann", """{"name":"Ann"}""", "k")).Outcome);
        Assert.Equal("Bea", (await client.GetAsync("/wallets/ann"))["name"]);

        var events = (await client.GetAsync("/events?from_sequence=1&types=wallet.updated")).Data;
        Assert.Equal(["Ann", "Bea"], events.EnumerateArray().Select(one => one.GetProperty("data").GetProperty("name").GetString()));
        Assert.Equal("active", events[0].GetProperty("data").GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_update_that_cannot_be_is_refused_and_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 0);
        await client.WalletAsync("gone", "USD", 0);
        await client.PostAsync("/wallets/gone/close");
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put })
        {
            Assert.Equal("404 WALLET_NOT_FOUND", (await client.SendAsync(method, "/wallets/none", """{"name":"x"}""", NewKey())).Outcome);
            Assert.Equal("422 WALLET_CLOSED", (await client.SendAsync(method, "/wallets/gone", """{"metadata":{"a":1}}""", NewKey())).Outcome);
            Assert.Equal("422 SYSTEM_WALLET", (await client.SendAsync(method, "/wallets/system:liability", """{"name":"x"}""", NewKey())).Outcome);
            Assert.Equal("400 INVALID_POLICY", (await client.SendAsync(method, "/wallets/ann", """{"name":"x","policies":["pol_1"]}""", NewKey())).Outcome);
            Assert.Equal("400 VALIDATION_ERROR", (await client.SendAsync(method, "/wallets/ann", "{}", NewKey())).Outcome);
            Assert.Equal("400 VALIDATION_ERROR", (await client.SendAsync(method, "/wallets/ann", """{"status":"closed"}""", NewKey())).Outcome);
            Assert.Equal("400 VALIDATION_ERROR", (await client.SendAsync(method, "/wallets/ann", """{"external_id":"bob"}""", NewKey())).Outcome);
            Assert.Equal("400 IDEMPOTENCY_KEY_REQUIRED", (await client.SendAsync(method, "/wallets/ann", """{"name":"x"}""", null)).Outcome);
        }

        await PatchAsync(client, "/wallets/ann", $$"""{"metadata":{"a":"{{new string('x', 3_000)}}"} }""");
        var tooLarge = $$"""{"metadata":{"b":"{{new string('x', 3_000)}}"} }""";
        Assert.Equal("400 VALIDATION_ERROR", (await client.SendAsync(HttpMethod.Patch, "/wallets/ann", tooLarge, "k")).Outcome);
        Assert.Equal("200", (await client.PutAsync("/wallets/ann", """{"metadata":{}}""")).Outcome);
        Assert.Equal("200", (await client.SendAsync(HttpMethod.Patch, "/wallets/ann", tooLarge, "k")).Outcome);
        await PatchAsync(client, "/wallets/ann", $$"""{"metadata":{"c":"{{new string('x', 900)}}"} }""");
        Assert.True((await client.SendAsync(HttpMethod.Patch, "/wallets/ann", tooLarge, "k")).IsReplay);
        Assert.Equal("", (await client.GetAsync("/wallets/ann"))["name"]);
    }

    [Fact]
    public async Task Updates_at_once_lose_none_of_each_other()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 0);
        var credit = await client.PostAsync("/credits", """{"wallet_id":"ann","amount":1000,"asset":"USD","lot":{"attributes":{"kind":"promo"}}}""");
        var lot = credit.Data.GetProperty("lot").GetProperty("id").GetString()!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => i % 2 == 0
            ? PatchAsync(client, "/wallets/ann", $$"""{"metadata":{"m{{i}}":{{i}} } }""")
            : PatchAsync(client, $"/lots/{lot}", $$"""{"attributes":{"a{{i}}":{{i}} } }""")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(16, (await client.GetAsync("/wallets/ann")).Data.GetProperty("metadata").EnumerateObject().Count());
        Assert.Equal(17, (await client.GetAsync($"/lots/{lot}")).Data.GetProperty("attributes").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task An_assets_scale_changes_until_something_is_counted_in_it(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.PostAsync($"{prefix}/assets", """{"code":"GEM","name":"Gems","scale":2,"metadata":{"a":1}}""");
        await client.PostAsync($"{prefix}/wallets", """{"external_id":"ann","currency":"GEM"}""");
        var changed = await PatchAsync(client, $"{prefix}/assets/GEM", """{"scale":3,"metadata":{"b":2}}""");
        Assert.Equal((200, "GEM", "Gems", "3", """{"a":1,"b":2}"""), (changed.Status, changed["code"], changed["name"], changed["scale"], changed["metadata"]));
        var credit = await client.PostAsync($"{prefix}/credits", """{"wallet_id":"ann","amount":"1.250"}""");
        Assert.Equal((201, "1250"), (credit.Status, credit["amount_minor"]));

        Assert.Equal("422 SCALE_IMMUTABLE", (await PatchAsync(client, $"{prefix}/assets/GEM", """{"scale":2,"name":"x"}""")).Outcome);
        var same = await PatchAsync(client, $"{prefix}/assets/GEM", """{"scale":3,"name":"Jewels"}""");
        Assert.Equal((200, "Jewels", "3"), (same.Status, same["name"], same["scale"]));
        await client.PostAsync($"{prefix}/assets", """{"code":"TOK","name":"Tokens","scale":0}""");
        await client.PutAsync($"{prefix}/wallets/ann/bounds/TOK", """{"ceiling":"5.0"}""");
        Assert.Equal("422 SCALE_IMMUTABLE", (await PatchAsync(client, $"{prefix}/assets/TOK", """{"scale":1}""")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await PatchAsync(client, $"{prefix}/assets/TOK", """{"scale":19}""")).Outcome);
        Assert.Equal("404 ASSET_NOT_FOUND", (await PatchAsync(client, $"{prefix}/assets/NONE", """{"name":"x"}""")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await PatchAsync(client, $"{prefix}/assets/TOK", """{"code":"TIK"}""")).Outcome);

        var shown = await client.GetAsync($"{prefix}/assets/GEM");
        Assert.Equal(same.Text, shown.Text);
        Assert.Equal(2, (await client.GetAsync("/events?from_sequence=1&types=asset.updated")).Data.GetArrayLength());
        await server.RestartAsync();
        Assert.Equal(shown.Text, (await server.Client.GetAsync($"{prefix}/assets/GEM")).Text);
    }

    /// <summary>Decimals are turned into units before the command is in line: whichever comes first, one whole unit stays one whole unit.</summary>
    [Fact]
    public async Task A_change_of_scale_never_changes_what_a_credit_at_the_same_time_means()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("ann", "USD", 0);
        for (var round = 0; round < 20; round++)
        {
            var code = $"R{round}";
            await client.PostAsync("/assets", $$"""{"code":"{{code}}","name":"r","scale":0}""");
            var credits = Enumerable.Range(0, 4).Select(_ => client.PostAsync("/credits", $$"""{"wallet_id":"ann","amount":"1","asset":"{{code}}"}"""));
            var changes = Enumerable.Range(1, 4).Select(scale => PatchAsync(client, $"/assets/{code}", $$"""{"scale":{{scale}}}"""));
            var answers = await Task.WhenAll(credits.Zip(changes, (credit, change) => new[] { credit, change }).SelectMany(pair => pair));
            Assert.All(answers, answer => Assert.Contains(answer.Outcome, new[] { "200", "201", "422 SCALE_IMMUTABLE" }));
            Assert.Equal("4", decimal.Parse((await client.GetAsync($"/wallets/ann/balances/{code}"))["available"], System.Globalization.CultureInfo.InvariantCulture).ToString("0", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static string NewKey() => Guid.NewGuid().ToString();

    private static Task<TestReply> PatchAsync(TestClient client, string path, string body) => client.SendAsync(HttpMethod.Patch, path, body, NewKey());
}
