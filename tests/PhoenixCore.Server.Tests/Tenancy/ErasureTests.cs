using System.Text;
using System.Text.Json;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Erasing a tenant: its texts are gone from every file, its amounts stay, and others notice nothing.</summary>
public class ErasureTests
{
    private const string Reason = """{"reason":"asked by the customer"}""";

    /// <summary>What stands in the journal, enciphered.</summary>
    private static readonly string[] Texts =
    [
        "ext-quagga", "Name Okapi", "holder-axolotl", "meta-pangolin", "ref-narwhal", "meta-tardigrade", "ref-cassowary", "why-aardvark", "context-fossa", "Asset Numbat", "reserve-dugong", "renamed-tuatara", "policy-serval",
    ];

    /// <summary>What stands beside it and is removed with the tenant.</summary>
    private static readonly string[] Removed = ["hooks-kakapo", "label-wombat"];

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task No_file_holds_a_text_of_an_erased_tenant_and_its_amounts_stay(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await FilledAsync(server, "mine");
        using var theirs = await FilledAsync(server, "theirs");
        Assert.Equal("201", (await server.Client.PostAsync("/snapshots")).Outcome);
        var before = await ExportAsync(server, "mine");
        foreach (var text in Texts.Except(["why-aardvark", "policy-serval"])) Assert.Contains("mine-" + text, before, StringComparison.Ordinal); // reasons and policies are no part of an export
        Assert.Empty(Texts.SelectMany(text => FilesWith(server, "mine-" + text)));
        Assert.Contains(Removed, text => FilesWith(server, "mine-" + text).Length > 0);

        Assert.Equal("suspended", (await server.Client.PostAsync("/tenants/mine/suspend"))["status"]);
        var erased = await server.Client.PostAsync($"{prefix}/tenants/mine/erase", Reason, "erase it");
        Assert.Equal("200", erased.Outcome);
        Assert.Equal("erased", erased["status"].ToLowerInvariant());
        Assert.Equal("401 UNAUTHORIZED", (await mine.GetAsync("/wallets")).Outcome);
        Assert.Equal("201", (await server.Client.PostAsync("/snapshots")).Outcome);
        await AssertErasedAsync(server, before);

        await server.RestartAsync();
        await AssertErasedAsync(server, before);
        await server.StopAsync();
        Assert.Empty(Texts.Concat(Removed).SelectMany(text => FilesWith(server, "mine-" + text)));
        foreach (var kept in new[] { "mine-attribute-numbat", "mine-memo-zorilla", "asked by the customer" }) Assert.True(FilesWith(server, kept).Length > 0, kept); // rules read the first two: they cannot be erased, as API.md says
    }

    [Fact]
    public async Task The_others_read_on_and_the_books_and_the_state_replay()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await FilledAsync(server, "mine");
        using var theirs = await FilledAsync(server, "theirs");
        var (wallet, found) = ((await theirs.GetAsync("/wallets/theirs-ext-quagga")).Text, (await theirs.GetAsync("/ledger/transactions?reference=theirs-ref-narwhal")).Text);
        await EraseAsync(server, "mine");
        Assert.Equal(wallet, (await theirs.GetAsync("/wallets/theirs-ext-quagga")).Text);
        Assert.Equal(found, (await theirs.GetAsync("/ledger/transactions?reference=theirs-ref-narwhal")).Text);
        Assert.Contains("theirs-meta-tardigrade", found, StringComparison.Ordinal);
        await server.RestartAsync();
        using var again = server.ClientWith(await server.KeyAsync("theirs", "wallets:read", "wallets:write"));
        Assert.Equal(wallet, (await again.GetAsync("/wallets/theirs-ext-quagga")).Text);
        Assert.Equal("201", (await again.PostAsync("/debits", """{"wallet_id":"theirs-ext-quagga","amount":1,"asset":"PTS"}""")).Outcome);
        Assert.Null(server.Server.Shard.FindFault());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task What_cannot_be_erased_is_refused_with_a_code_and_stays(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await FilledAsync(server, "mine");
        var admin = server.Client;
        Assert.Equal("404 TENANT_NOT_FOUND", (await admin.PostAsync($"{prefix}/tenants/none/erase", Reason)).Outcome);
        Assert.Equal("422 TENANT_NOT_SUSPENDED", (await admin.PostAsync($"{prefix}/tenants/mine/erase", Reason, "too early")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await admin.PostAsync($"{prefix}/tenants/default/erase", Reason)).Outcome);
        Assert.Equal("403 FORBIDDEN", (await mine.PostAsync($"{prefix}/tenants/mine/erase", Reason)).Outcome);
        Assert.Equal("mine-Name Okapi", (await mine.GetAsync("/wallets/mine-ext-quagga"))["name"]);
        await admin.PostAsync("/tenants/mine/suspend");
        foreach (var body in new[] { "{}", """{"reason":""}""", """{"reason":" "}""", """{"reason":"x","force":true}""" }) Assert.Equal("400 VALIDATION_ERROR", (await admin.PostAsync($"{prefix}/tenants/mine/erase", body)).Outcome);
        await admin.PostAsync("/tenants/mine/resume");
        Assert.Equal("mine-Name Okapi", (await mine.GetAsync("/wallets/mine-ext-quagga"))["name"]);

        await admin.PostAsync("/tenants/mine/suspend");
        var first = await admin.PostAsync($"{prefix}/tenants/mine/erase", Reason, "key");
        var repeated = await admin.PostAsync($"{prefix}/tenants/mine/erase", Reason, "key");
        Assert.Equal((200, first.Text, true), (repeated.Status, repeated.Text, repeated.IsReplay));
        Assert.Equal("422 TENANT_ERASED", (await admin.PostAsync($"{prefix}/tenants/mine/erase", Reason)).Outcome);
        foreach (var action in new[] { "resume", "suspend" }) Assert.Equal("422 TENANT_ERASED", (await admin.PostAsync($"{prefix}/tenants/mine/{action}")).Outcome);
        Assert.Equal("422 TENANT_ERASED", (await admin.PostAsync($"{prefix}/tenants/mine/keys", """{"scopes":["wallets:read"]}""")).Outcome);
        Assert.Equal("409 DUPLICATE_TENANT", (await admin.PostAsync("/tenants", """{"id":"mine"}""")).Outcome);
        Assert.False(File.Exists(KeyFile(server, 2)));
    }

    /// <summary>The files are those of a process that ended right after the fact, or of a backup that was brought back.</summary>
    [Fact]
    public async Task A_start_finishes_what_a_crash_left_of_an_erasure()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await FilledAsync(server, "mine");
        var key = await server.KeyAsync("mine", "wallets:read");
        var before = await ExportAsync(server, "mine");
        await server.Client.PostAsync("/tenants/mine/suspend");
        var kept = Directory.GetFiles(server.DataDirectory, "*", SearchOption.AllDirectories).Where(file => !file.Contains("shards", StringComparison.Ordinal) && Path.GetFileName(file) != "lock").ToDictionary(file => file, File.ReadAllBytes);
        Assert.Contains(KeyFile(server, 2), kept.Keys);
        Assert.Equal("200", (await server.Client.PostAsync("/tenants/mine/erase", Reason)).Outcome);
        await server.StopAsync();
        foreach (var (file, bytes) in kept) File.WriteAllBytes(file, bytes);
        Assert.NotEmpty(FilesWith(server, "mine-hooks-kakapo"));

        await server.RestartAsync();
        using var client = server.ClientWith(key);
        Assert.Equal("401 UNAUTHORIZED", (await client.GetAsync("/wallets")).Outcome);
        await AssertErasedAsync(server, before);
        Assert.Empty(Removed.SelectMany(text => FilesWith(server, "mine-" + text)));
    }

    [Fact]
    public async Task A_journal_that_is_older_than_the_erasure_is_erased_again()
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await FilledAsync(server, "mine");
        var before = await ExportAsync(server, "mine");
        var shard = Path.Combine(server.DataDirectory, "shards", "0");
        await server.StopAsync();
        var backup = Directory.GetFiles(shard).ToDictionary(file => file, File.ReadAllBytes);
        await server.RestartAsync();
        await EraseAsync(server, "mine");
        await server.StopAsync();
        foreach (var file in Directory.GetFiles(shard)) File.Delete(file);
        foreach (var (file, bytes) in backup) File.WriteAllBytes(file, bytes);

        await server.RestartAsync();
        await AssertErasedAsync(server, before);
        Assert.Equal("422 TENANT_ERASED", (await server.Client.PostAsync("/tenants/mine/resume")).Outcome);
        await server.RestartAsync();
        await AssertErasedAsync(server, before);
        using var next = await server.TenantAsync("next");
        Assert.Equal("201", (await next.PostAsync("/wallets", """{"external_id":"w"}""")).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_without_the_keys_of_living_tenants_does_not_start(bool damaged)
    {
        await using var server = await TestServer.StartAsync();
        using var mine = await FilledAsync(server, "mine");
        await server.StopAsync();
        var key = File.ReadAllText(KeyFile(server, 2));
        if (damaged) File.WriteAllText(KeyFile(server, 2), (key[0] == 'A' ? 'B' : 'A') + key[1..]);
        else File.Delete(KeyFile(server, 2));
        var refused = await Assert.ThrowsAsync<InvalidDataException>(server.RestartAsync);
        Assert.Contains("secrets.key", refused.Message, StringComparison.Ordinal);
        File.WriteAllText(KeyFile(server, 2), key);
        await server.RestartAsync();
        Assert.Contains("mine-ext-quagga", await ExportAsync(server, "mine"), StringComparison.Ordinal);
    }

    /// <summary>A tenant with every kind of text.</summary>
    private static async Task<TestClient> FilledAsync(TestServer server, string name)
    {
        await server.Client.PostAsync("/tenants", $$"""{"id":"{{name}}"}""");
        var label = await server.Client.PostAsync($"/tenants/{name}/keys", $$"""{"scopes":["wallets:read","wallets:write"],"name":"{{name}}-label-wombat"}""");
        var client = server.ClientWith(label["api_key"]);
        string W(string text) => $"\"{name}-{text}\"";
        string[] calls =
        [
            "/assets", $$"""{"code":"PTS","name":{{W("Asset Numbat")}},"scale":0}""",
            "/wallets", $$$"""{"external_id":{{{W("ext-quagga")}}},"name":{{{W("Name Okapi")}}},"holder_id":{{{W("holder-axolotl")}}},"metadata":{"k":{{{W("meta-pangolin")}}}}}""",
            "/wallets", """{"external_id":"second"}""",
            "/credits", $$$"""{"wallet_id":{{{W("ext-quagga")}}},"amount":100,"asset":"PTS","reference":{{{W("ref-narwhal")}}},"metadata":{"k":{{{W("meta-tardigrade")}}}},"lot":{"attributes":{"a":{{{W("attribute-numbat")}}} } } }""",
            "/transfers", $$$"""{"from_wallet_id":{{{W("ext-quagga")}}},"to_wallet_id":"second","amount":10,"asset":"PTS","reference":{{{W("ref-cassowary")}}},"metadata":{"c":{{{W("context-fossa")}}}},"context":{"c":{{{W("context-fossa")}}}}}""",
            "/reservations", $$$"""{"wallet_id":{{{W("ext-quagga")}}},"amount":5,"asset":"PTS","reference":{{{W("reserve-dugong")}}},"context":{"c":{{{W("memo-zorilla")}}}}}""",
            "/wallets/second/freeze", $$"""{"reason":{{W("why-aardvark")}}}""",
            "/policies", $$"""{"name":"p","description":{{W("policy-serval")}},"rules":[{"type":"counterparty","denied":[{{W("policy-serval")}}]}]}""",
            "/webhooks", $$"""{"url":"https://localhost:9/{{name}}-hooks-kakapo","events":["wallet.closed"]}""",
        ];
        for (var i = 0; i < calls.Length; i += 2)
        {
            var reply = await client.PostAsync(calls[i], calls[i + 1]);
            Assert.True(reply.Status < 300, $"{calls[i]}: {reply.Text}");
        }

        Assert.Equal("200", (await client.SendAsync(HttpMethod.Patch, "/wallets/second", $$"""{"name":{{W("renamed-tuatara")}}}""", "patch")).Outcome);
        var credit = (await client.GetAsync($"/credits?reference={name}-ref-narwhal")).Json.GetProperty("data")[0];
        Assert.Equal($"{name}-ref-narwhal", credit.GetProperty("reference").GetString());
        var reversed = await client.PostAsync($"/credits/{credit.GetProperty("id").GetString()}/reverse", $$"""{"amount":1,"reason":{{W("why-aardvark")}}}""");
        Assert.Contains($"{name}-why-aardvark", reversed.Text, StringComparison.Ordinal);
        return client;
    }

    private static async Task EraseAsync(TestServer server, string tenant)
    {
        await server.Client.PostAsync($"/tenants/{tenant}/suspend");
        Assert.Equal("200", (await server.Client.PostAsync($"/tenants/{tenant}/erase", Reason)).Outcome);
    }

    private static async Task<string> ExportAsync(TestServer server, string tenant)
    {
        var export = await server.Client.GetAsync($"/tenants/{tenant}/export");
        Assert.Equal(200, export.Status);
        Assert.Contains("\"sha256\"", export.Text, StringComparison.Ordinal);
        return export.Text;
    }

    /// <summary>The export is what it was, but for the texts, which are null.</summary>
    private static async Task AssertErasedAsync(TestServer server, string before)
    {
        Assert.False(File.Exists(KeyFile(server, 2)));
        Assert.True(File.Exists(KeyFile(server, 1)));
        Assert.Equal("erased", (await server.Client.GetAsync("/tenants/mine"))["status"]);
        var after = await ExportAsync(server, "mine");
        foreach (var text in Texts) Assert.DoesNotContain("mine-" + text, after, StringComparison.Ordinal);
        Assert.Equal(Lines(before).Select(WithoutTexts), Lines(after).Select(WithoutTexts));
        var wallet = Lines(after).Last(line => line.GetProperty("type").GetString() == "wallet" && line.GetProperty("wallet").GetProperty("created_at").GetString() != null).GetProperty("wallet");
        Assert.Equal(JsonValueKind.Null, wallet.GetProperty("name").ValueKind);
    }

    private static IEnumerable<JsonElement> Lines(string export) =>
        export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("type").GetString() != "end");

    private static string WithoutTexts(JsonElement line)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) Copy(line, json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Copy(JsonElement from, Utf8JsonWriter to)
    {
        if (from.ValueKind == JsonValueKind.Array)
        {
            to.WriteStartArray();
            foreach (var item in from.EnumerateArray()) Copy(item, to);
            to.WriteEndArray();
        }
        else if (from.ValueKind == JsonValueKind.Object)
        {
            to.WriteStartObject();
            foreach (var member in from.EnumerateObject())
            {
                if (member.Name is "reference" or "metadata" or "external_id" or "name" or "holder_id" or "reason") continue;
                to.WritePropertyName(member.Name);
                Copy(member.Value, to);
            }

            to.WriteEndObject();
        }
        else
        {
            from.WriteTo(to);
        }
    }

    private static string KeyFile(TestServer server, int tenant) => Path.Combine(server.DataDirectory, "text-keys", $"{tenant}.key");

    /// <summary>Every file is read. A running server gives its index files another name when they are whole: one that has gone since it was listed stands elsewhere now, so all are looked at again.</summary>
    private static string[] FilesWith(TestServer server, string text)
    {
        const int tries = 50;
        var wanted = Encoding.UTF8.GetBytes(text);
        for (var round = 1; ; round++)
        {
            try
            {
                return [.. Directory.GetFiles(server.DataDirectory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock" && Contains(file, wanted)).Select(file => $"{text} in {Path.GetFileName(file)}")];
            }
            catch (FileNotFoundException) when (round < tries)
            {
                // The next round reads it under its name.
            }
        }
    }

    private static bool Contains(string file, byte[] wanted)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(wanted) >= 0;
    }
}
