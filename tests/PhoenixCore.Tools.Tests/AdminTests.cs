using System.Net;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Tools.Tests;

/// <summary>Tenants and keys, by the tool, on a running server.</summary>
public sealed class AdminTests : IAsyncLifetime, IDisposable
{
    private const string Variable = "PHOENIX_API_KEY";
    private readonly string _data = Directory.CreateTempSubdirectory("phoenix-tools-").FullName;
    private PhoenixServer _server = null!;

    private string Url => _server.RestAddress.ToString();

    public async Task InitializeAsync()
    {
        _server = await StartAsync(_data);
        Environment.SetEnvironmentVariable(Variable, _server.Started.MintedKey);
    }

    private static Task<PhoenixServer> StartAsync(string data)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        return PhoenixServer.StartAsync(
            new ServerSettings { DataDirectory = data, Rest = any, Grpc = any, WalletsExpected = 1_024, HotKeys = 1_024, HugePages = false, SegmentMinMebibytes = 2, SegmentMaxMebibytes = 2 },
            fault => Environment.FailFast(fault.Reason.Message));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public void A_snapshot_is_taken_of_a_running_server()
    {
        var taken = ToolRun.Ok("snapshot", "create", "--url", Url, "--json").Object;
        Assert.True(File.Exists(Path.Combine(_data, "shards", "0", taken.GetProperty("id").GetString()!)));
        Assert.Contains(taken.GetProperty("digest").GetString()!, ToolRun.Ok("snapshot", "create", "--url", Url).Out, StringComparison.Ordinal);
    }

    /// <summary>Its texts too are readable there: the keys that open them come along.</summary>
    [Fact]
    public async Task A_server_starts_on_what_snapshot_restore_made()
    {
        ToolRun.Ok("tenant", "create", "acme", "--url", Url, "--reason", "a customer");
        await _server.DisposeAsync();
        var into = Path.Combine(_data, "copy");
        ToolRun.Ok("snapshot", "restore", _data, "--into", into);
        await using var server = await StartAsync(into);
        Assert.Contains("acme", ToolRun.Ok("tenant", "ls", "--url", server.RestAddress.ToString()).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Status_and_doctor_ask_a_running_server_and_need_no_key_here()
    {
        var key = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        var status = ToolRun.Ok("status", "--url", Url, "--json").Object;
        Assert.Equal(("ready", "leader", "1", "1"), (status.GetProperty("state").GetString(), status.GetProperty("role").GetString(), status.GetProperty("tenants").GetString(), status.GetProperty("epoch").GetString()));
        Assert.Equal($"{_server.Shard.Cursors.Committed}", status.GetProperty("committed").GetString());
        Assert.Contains("leader", ToolRun.Ok("status", "--url", Url).Out, StringComparison.Ordinal);
        Assert.DoesNotContain(ToolRun.Of("doctor", "--url", Url, "--json").Objects, finding => finding.GetProperty("severity").GetString() == "critical");
        Environment.SetEnvironmentVariable(Variable, key);
    }

    [Fact]
    public async Task Config_shows_what_a_server_was_started_with_and_where_it_came_from_and_no_secret()
    {
        Assert.Equal(66, ToolRun.Of("config", "show", _data).Code); // this one read no settings
        var data = Path.Combine(_data, "second");
        var file = Path.Combine(_data, "settings.json");
        await File.WriteAllTextAsync(file, """{"ring_slots":128,"hot_keys":1024}""");
        const string secret = "a-secret-that-nobody-sees";
        var settings = SettingsReader.Read(
            ["--data", data, "--rest", "127.0.0.1:0", "--grpc=127.0.0.1:0", "--config", file, "--hot-keys", "2048", "--huge-pages", "false"],
            new Dictionary<string, string> { ["PHOENIX_API_KEY"] = secret, ["PHOENIX_WALLETS_EXPECTED"] = "1024" });
        await using (await PhoenixServer.StartAsync(settings, fault => Environment.FailFast(fault.Reason.Message)))
        {
            var shown = ToolRun.Ok("config", "show", data, "--origin", "--output", "ndjson");
            var rows = shown.Objects.ToDictionary(row => row.GetProperty("name").GetString()!, row => (row.GetProperty("value").GetString(), row.GetProperty("origin").GetString()));
            Assert.Equal(SettingsTable.All.Select(setting => setting.Name), shown.Objects.Select(row => row.GetProperty("name").GetString()));
            Assert.Equal(("2048", "--hot-keys"), rows["hot-keys"]);
            Assert.Equal(("1024", "PHOENIX_WALLETS_EXPECTED"), rows["wallets-expected"]);
            Assert.Equal(("128", $"\"ring_slots\" in {file}"), rows["ring-slots"]);
            Assert.Equal(("pwrite", "default"), rows["writer"]);
            Assert.Equal(("given", "PHOENIX_API_KEY"), rows["api-key"]);
            Assert.Equal(("not given", "default"), rows["tls-password"]);
            Assert.DoesNotContain(secret, await File.ReadAllTextAsync(Path.Combine(data, "last-start.json")), StringComparison.Ordinal);
            Assert.Equal(8, ToolRun.Ok("config", "show", data, "--changed", "--json").Lines.Length);
            Assert.Contains("version", ToolRun.Ok("config", "show", data).Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tenant_is_made_listed_suspended_and_resumed()
    {
        Assert.Equal("shop ACTIVE", Tenant(ToolRun.Ok("tenant", "create", "shop", "--reason", "new customer", "--url", Url, "--json")));
        Assert.Contains("shop", ToolRun.Ok("tenant", "ls", "--url", Url).Out, StringComparison.Ordinal);
        Assert.Equal("shop SUSPENDED", Tenant(ToolRun.Ok("tenant", "suspend", "shop", "--url", Url, "--json")));
        Assert.Equal(["default ACTIVE", "shop SUSPENDED"], ToolRun.Ok("tenant", "ls", "--url", Url, "--json").Objects.Select(Tenant));
        Assert.Equal("shop ACTIVE", Tenant(ToolRun.Ok("tenant", "resume", "shop", "--url", Url, "--json")));
    }

    [Fact]
    public void A_key_is_made_rotated_revoked_and_shown_only_once()
    {
        ToolRun.Ok("tenant", "create", "shop", "--url", Url);
        var made = ToolRun.Ok("key", "create", "shop", "--scope", "wallets:read", "--name", "till", "--expires-in", "3600", "--url", Url, "--json").Object;
        var id = made.GetProperty("id").GetString()!;
        var rotated = ToolRun.Ok("key", "rotate", "shop", id, "--overlap", "0", "--url", Url);
        Assert.Contains("api-key: phx_", rotated.Out, StringComparison.Ordinal);
        ToolRun.Ok("key", "revoke", "shop", id, "--reason", "lost", "--url", Url);
        var listed = ToolRun.Ok("key", "ls", "shop", "--url", Url, "--json");
        Assert.Equal(["revoked", "active"], listed.Objects.Select(key => key.GetProperty("status").GetString()));
        Assert.DoesNotContain(made.GetProperty("api_key").GetString()!.Split('_')[2], listed.Out, StringComparison.Ordinal);
        Assert.Contains("till", ToolRun.Ok("key", "ls", "shop", "--url", Url).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_operators_did_stands_in_the_journal_with_who_and_why()
    {
        ToolRun.Ok("tenant", "create", "shop", "--reason", "new customer", "--url", Url);
        ToolRun.Ok("tenant", "suspend", "shop", "--reason", "unpaid", "--url", Url);
        var key = ToolRun.Ok("key", "create", "shop", "--reason", "for the till", "--url", Url, "--json").Object;
        await _server.DisposeAsync();
        var dump = ToolRun.Ok("journal", "dump", _data, "--json").Out;
        foreach (var words in new[] { "new customer", "unpaid", "for the till", "TenantSuspended", "KeyCreated", key.GetProperty("id").GetString()!, _server.Started.MintedKey!.Split('_')[1] }) Assert.Contains(words, dump, StringComparison.Ordinal);
        Assert.DoesNotContain(key.GetProperty("api_key").GetString()!.Split('_')[2], dump, StringComparison.Ordinal);
        Assert.Contains("tenant shop: TenantSuspended", ToolRun.Ok("journal", "dump", _data).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erased_tenants_journal_verifies_and_replays_and_shows_no_text()
    {
        ToolRun.Ok("tenant", "create", "shop", "--url", Url);
        var key = ToolRun.Ok("key", "create", "shop", "--scope", "wallets:write", "--url", Url, "--json").Object.GetProperty("api_key").GetString()!;
        using (var http = new HttpClient { BaseAddress = new Uri(Url) })
        {
            http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
            foreach (var (path, body) in new[] { ("/wallets", """{"external_id":"quagga","name":"Okapi"}"""), ("/credits", """{"wallet_id":"quagga","amount":700,"asset":"EUR","reference":"narwhal"}""") })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
                request.Headers.Add("Idempotency-Key", path);
                using var reply = await http.SendAsync(request);
                Assert.Equal(System.Net.HttpStatusCode.Created, reply.StatusCode);
            }
        }

        Assert.Equal(76, ToolRun.Of("tenant", "erase", "shop", "--reason", "asked for", "--url", Url).Code); // not suspended
        ToolRun.Ok("tenant", "suspend", "shop", "--url", Url);
        Assert.Equal(76, ToolRun.Of("tenant", "erase", "shop", "--url", Url).Code); // no reason
        Assert.Equal("shop ERASED", Tenant(ToolRun.Ok("tenant", "erase", "shop", "--reason", "asked for", "--url", Url, "--json")));
        Assert.Equal(76, ToolRun.Of("tenant", "resume", "shop", "--url", Url).Code);
        var snapshot = ToolRun.Ok("snapshot", "create", "--url", Url, "--json").Object;
        await _server.DisposeAsync();

        ToolRun.Ok("journal", "verify", _data);
        var replayed = ToolRun.Ok("replay", _data, "--to-sequence", snapshot.GetProperty("sequence").ToString(), "--digest").Out;
        Assert.Contains(snapshot.GetProperty("digest").GetString()!, replayed, StringComparison.Ordinal);
        var dump = ToolRun.Ok("journal", "dump", _data, "--json").Out + ToolRun.Ok("journal", "dump", _data).Out;
        foreach (var text in new[] { "quagga", "Okapi", "narwhal" }) Assert.DoesNotContain(text, dump, StringComparison.Ordinal);
        foreach (var kept in new[] { "TenantErased", "asked for", "textKey", "700" }) Assert.Contains(kept, dump, StringComparison.Ordinal);
        Assert.Contains("by its id", ToolRun.Of("balance", _data, "quagga", "--tenant", "shop").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(66, "tenant", "suspend", "nobody")]
    [InlineData(66, "tenant", "erase", "nobody", "--reason", "asked for")]
    [InlineData(66, "key", "revoke", "default", "nothing")]
    [InlineData(76, "tenant", "create", "default")]
    [InlineData(76, "tenant", "create", "a b")]
    [InlineData(76, "key", "create", "default", "--scope", "everything")]
    public void What_the_server_refuses_ends_with_a_code_of_its_own(int code, params string[] arguments)
    {
        var run = ToolRun.Of([.. arguments, "--url", Url]);
        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.StartsWith("phx: ", run.Error);
    }

    [Fact]
    public void Without_a_good_key_or_a_server_the_code_says_which()
    {
        Assert.Equal(69, ToolRun.Of("tenant", "ls", "--url", "http://127.0.0.1:1").Code);
        Assert.Equal(64, ToolRun.Of("tenant", "ls", "--url", "http://wallets.example:8080").Code);
        Assert.Equal(64, ToolRun.Of("tenant", "ls", "--url", "nowhere").Code);
        var reader = ToolRun.Ok("key", "create", "default", "--scope", "wallets:read", "--url", Url, "--json").Object.GetProperty("api_key").GetString();
        foreach (var (key, code) in new[] { (reader, 77), ("phx_none", 77), (null, 64) })
        {
            Environment.SetEnvironmentVariable(Variable, key);
            Assert.Equal(code, ToolRun.Of("tenant", "ls", "--url", Url).Code);
        }
    }

    private static string Tenant(ToolRun run) => Tenant(run.Object);

    private static string Tenant(System.Text.Json.JsonElement tenant) => $"{tenant.GetProperty("id")} {tenant.GetProperty("status")}";
}
