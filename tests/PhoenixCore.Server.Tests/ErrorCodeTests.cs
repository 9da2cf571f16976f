using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Tests.Tenancy;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Tests;

/// <summary>Codes are a contract: each is in API.md with its statuses, and each can be had.</summary>
public partial class ErrorCodeTests
{
    private const string Never = "no caller sees it: the shard looks the key up and decides again";

    /// <summary>Codes that this class does not produce, with the test that does or why none can.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["STORAGE_FULL"] = "tests/PhoenixCore.Faults.Tests/DiskFullTests.cs",
        ["NOT_LEADER"] = "tests/PhoenixCore.Faults.Tests/Copies/StreamTests.cs",
        ["STALE_REPLICA"] = "tests/PhoenixCore.Faults.Tests/Copies/StreamTests.cs",
        ["NOT_ENOUGH_REPLICAS"] = "tests/PhoenixCore.Faults.Tests/Copies/PromotionTests.cs",
        ["PROMOTION_REFUSED"] = "tests/PhoenixCore.Faults.Tests/Copies/PromotionTests.cs",
        ["UNAVAILABLE"] = Never,
        ["HISTORY_ARCHIVED"] = Never, // segments cannot be moved away yet
        ["SEQUENCE_TOO_OLD"] = Never, // as above
    };

    [Fact]
    public void Every_code_is_documented_with_its_statuses()
    {
        var documented = Documented();
        var wrong = new List<string>();
        foreach (var result in Results())
        {
            if (!documented.TryGetValue(result.Code, out var rows)) wrong.Add($"{result.Code} is not in the table of API.md");
            else if (!rows.Any(row => row.Http.Contains(result.Http) && row.Grpc == Words(result.Grpc.ToString()))) wrong.Add($"{result.Code}: {result.Http} {Words(result.Grpc.ToString())} is not in its line");
        }

        foreach (var error in Errors())
        {
            if (!documented.TryGetValue(error.Code, out var rows)) wrong.Add($"{error.Code} is not in the table of API.md");
            else if (!rows.Any(row => row.Http.Contains(error.Status))) wrong.Add($"{error.Code}: {error.Status} is not in its line");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task Every_documented_code_can_be_had(string prefix)
    {
        var had = new Dictionary<string, int>();
        if (prefix.Length > 0) had["IDEMPOTENCY_KEY_REQUIRED"] = 400; // there a key is only recommended
        await foreach (var reply in ProduceAsync(prefix))
        {
            if (reply.Status >= 400) had[reply.Code] = reply.Status;
        }

        foreach (var (code, file) in Elsewhere.Where(entry => entry.Value != Never))
        {
            var text = File.ReadAllText(Path.Combine(Root(), file));
            if (text.Contains(string.Concat(code.Split('_').Select(word => word[0] + word[1..].ToLowerInvariant())), StringComparison.Ordinal)) had[code] = 0;
        }

        var documented = Documented();
        Assert.Empty(documented.Keys.Except(had.Keys).Except(Elsewhere.Where(entry => entry.Value == Never).Select(entry => entry.Key)));
        Assert.DoesNotContain(had, one => one.Value != 0 && !documented[one.Key].Any(row => row.Http.Contains(one.Value)));
    }

    private static IEnumerable<ApiResult> Results() => Enum.GetValues<LedgerResult>().Where(result => result != LedgerResult.Accepted).Select(ApiResult.Of).Concat(Statics<ApiResult>(typeof(ApiResult)));

    private static IEnumerable<ApiError> Errors() => Statics<ApiError>(typeof(ApiError))
        .Concat([ApiError.NotFound("credit"), ApiError.NotFound("transfer"), ApiError.NotFound("debit"), ApiError.NotFound("webhook"), ApiError.NotFound("delivery"), ApiError.NotFound("transaction"), Page.UnknownCursor]);

    private static IEnumerable<T> Statics<T>(Type of) => of.GetFields(BindingFlags.Static | BindingFlags.Public).Where(field => field.FieldType == typeof(T)).Select(field => (T)field.GetValue(null)!);

    /// <summary>The table of codes: HTTP statuses and gRPC status of every line.</summary>
    private static Dictionary<string, List<(int[] Http, string Grpc)>> Documented()
    {
        var table = new Dictionary<string, List<(int[] Http, string Grpc)>>();
        foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(Root(), "src/docs/API.md"))))
        {
            var http = row.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries).Select(int.Parse).ToArray();
            if (!table.TryGetValue(row.Groups[1].Value, out var rows)) table[row.Groups[1].Value] = rows = [];
            rows.Add((http, row.Groups[3].Value.Trim()));
        }

        Assert.NotEmpty(table);
        return table;
    }

    private static string Words(string name) => name == "OK" ? name : Capital().Replace(name, "_$0").TrimStart('_').ToUpperInvariant();

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "PhoenixCore.sln"))) at = Path.GetDirectoryName(at)!;
        return at;
    }

    [GeneratedRegex(@"^\| `([A-Z_]+)` \| ([0-9, ]+) \| ([A-Z_–]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    private static async IAsyncEnumerable<TestReply> ProduceAsync(string prefix)
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        client.Prefix = prefix;
        await client.PostAsync("/assets", """{"code":"PTS","name":"points","scale":0}""");
        var wallet = await client.WalletAsync("w", "PTS", 10);
        var reserved = (await client.PostAsync("/reservations", $$"""{"wallet_id":"{{wallet}}","amount":5,"asset":"PTS","expires_in":1}"""))["id"];
        var released = (await client.PostAsync("/reservations", $$"""{"wallet_id":"{{wallet}}","amount":1,"asset":"PTS"}"""))["id"];
        var lot = (await client.PostAsync("/credits", """{"wallet_id":"w","amount":1,"asset":"PTS"}""")).Data.GetProperty("lot").GetProperty("id").GetString();
        await client.PostAsync("/reservations", $$$"""{"wallet_id":"w","amount":1,"asset":"PTS","lot_selection":{"strategy":"specific","lot_ids":["{{{lot}}}"]}}""");
        await client.PostAsync($"/reservations/{released}/release");
        foreach (var name in new[] { "closed", "frozen", "bounded", "big" }) await client.WalletAsync(name, "PTS", 0);
        await client.PostAsync("/wallets/closed/close");
        await client.PostAsync("/wallets/frozen/freeze");
        await client.PutAsync("/wallets/bounded/bounds/PTS", """{"ceiling":5}""");
        await client.PostAsync("/assets", """{"code":"OLD","name":"old","scale":0}""");
        await client.PostAsync("/assets/OLD/deactivate");
        await client.PostAsync("/wallets", """{"external_id":"taken"}""", "used");
        await client.GetAsync("/operations/by-key/shut?close=true");
        await client.PostAsync("/tenants", """{"id":"mine"}""");
        var key = await server.KeyReplyAsync("mine", "wallets:read");
        await client.PostAsync($"/tenants/mine/keys/{key["id"]}/revoke");
        using var suspended = server.ClientWith(await server.KeyAsync("mine", "wallets:read"));

        foreach (var (path, body) in Refused(wallet, reserved, released, lot!)) yield return await client.PostAsync(path, body);
        foreach (var path in new[] { "/wallets/none", "/credits/none", "/transfers/none", "/debits/none", "/ledger/transactions/none", "/operations/by-key/none", "/assets/NONE", "/nowhere", "/tenants/none", "/wallets?cursor=none", "/operations/by-key/shut", "/webhooks/none", "/policies/none" }) yield return await client.GetAsync(path);
        var policy = (await client.PostAsync("/policies", """{"name":"small","rules":[{"type":"amount","max":"1"}]}"""))["id"];
        await client.PostAsync("/wallets", $$"""{"external_id":"governed","policies":["{{policy}}"]}""");
        yield return await client.PostAsync("/credits", """{"wallet_id":"governed","amount":2,"asset":"PTS"}""");
        var undone = (await client.PostAsync("/credits", """{"wallet_id":"big","amount":1,"asset":"PTS"}"""))["id"];
        await client.PostAsync($"/credits/{undone}/reverse");
        yield return await client.PostAsync($"/credits/{undone}/reverse");
        var webhook = (await client.PostAsync("/webhooks", """{"url":"https://localhost:9/","events":["wallet.closed"]}"""))["id"];
        yield return await client.PostAsync($"/webhooks/{webhook}/deliveries/none/retry");
        yield return await client.SendAsync(HttpMethod.Patch, "/assets/PTS", """{"scale":2}""", "scale");
        yield return await client.PostAsync("/tenants", """{"id":"mine"}""");
        yield return await client.GetAsync("/replication");
        yield return await client.PostAsync("/tenants/mine/keys/none/revoke");
        yield return await client.PostAsync($"/tenants/mine/keys/{key["id"]}/rotate");
        yield return await client.PostAsync("/wallets", """{"external_id":"another"}""", "used");
        yield return await client.PostAsync("/wallets", """{"external_id":"another"}""", "shut");
        yield return await client.PostAsync("/wallets", """{"external_id":"another"}""", "");
        yield return await client.PostAsync("/wallets", """{"external_id":"another","tenant_id":"mine"}""");
        yield return await client.PostAsync("/wallets/w/balances");
        yield return await client.SendAsync(HttpMethod.Post, "/wallets", "{}", "k", "text/plain");
        yield return await client.SendAsync(HttpMethod.Post, "/wallets", """{"external_id":"late"}""", "k", headers: ("X-Deadline-Ms", "0"));
        using (var nobody = server.ClientWith(null)) yield return await nobody.GetAsync("/wallets");
        yield return await client.PostAsync("/tenants/mine/erase", """{"reason":"asked for"}""");
        await client.PostAsync("/tenants/mine/suspend");
        yield return await suspended.GetAsync("/wallets");
        await client.PostAsync("/tenants/mine/erase", """{"reason":"asked for"}""");
        yield return await client.PostAsync("/tenants/mine/resume");
        await foreach (var reply in LargeAsync(client)) yield return reply;
        await Task.Delay(1_100);
        yield return await client.PostAsync($"/reservations/{reserved}/commit");
        yield return await BrokenAsync(server, prefix, new InvalidOperationException("a bug"));
        yield return await BrokenAsync(server, prefix, new OperationCanceledException());

        await using var limited = await TestServer.StartAsync(change: settings => settings with { KeyRate = 1, RateBurstSeconds = 1 }, time: new ManualTime());
        limited.Client.Prefix = prefix;
        for (var i = 0; i < 2; i++) yield return await limited.Client.GetAsync("/wallets");
        var clock = new JumpingClock();
        await using var jumped = await TestServer.StartAsync(clock: clock);
        jumped.Client.Prefix = prefix;
        clock.Ahead = 3_600_000_000_000;
        yield return await jumped.Client.PostAsync("/wallets", """{"external_id":"w"}""");
        clock.Ahead = 0;
    }

    private static IEnumerable<(string Path, string Body)> Refused(string wallet, string reserved, string released, string lot) =>
    [
        ("/credits", """{"wallet_id":"w","amount":1,"asset":"OLD"}"""),
        ("/credits", """{"wallet_id":"w","amount":1,"asset":"NONE"}"""),
        ("/credits", """{"wallet_id":"w","amount":0,"asset":"PTS"}"""),
        ("/credits", """{"wallet_id":"w","amount":1.5,"asset":"PTS"}"""),
        ("/credits", """{"wallet_id":"bounded","amount":6,"asset":"PTS"}"""),
        ("/credits", """{"wallet_id":"closed","amount":1,"asset":"PTS"}"""),
        ("/credits", """{"wallet_id":"system:liability","amount":1,"asset":"PTS"}"""),
        ("/assets", """{"code":"PTS","name":"points","scale":0}"""),
        ("/wallets", """{"external_id":"taken"}"""),
        ("/wallets", """{"external_id":"new","policies":["pol_1"]}"""),
        ("/debits", """{"wallet_id":"w","amount":100,"asset":"PTS"}"""),
        ("/debits", """{"wallet_id":"frozen","amount":1,"asset":"PTS"}"""),
        ("/debits", $$$"""{"wallet_id":"w","amount":1,"asset":"PTS","lot_selection":{"strategy":"specific","lot_ids":["{{{lot}}}"]}}"""),
        ("/debits", """{"wallet_id":"w","amount":1,"asset":"PTS","lot_selection":{"strategy":"specific","lot_ids":["lot_none"]}}"""),
        ("/transfers", $$"""{"from_wallet_id":"w","to_wallet_id":"{{wallet}}","amount":1,"asset":"PTS"}"""),
        ("/reservations/none/commit", "{}"),
        ($"/reservations/{released}/commit", "{}"),
        ($"/reservations/{reserved}/commit", """{"amount":6}"""),
        ("/wallets/w/close", "{}"),
    ];

    /// <summary>Amounts and numbers of lots at their ends.</summary>
    private static async IAsyncEnumerable<TestReply> LargeAsync(TestClient client)
    {
        var most = new string('9', 38);
        for (var i = 0; i < 2; i++) yield return await client.PostAsync("/credits", $$"""{"wallet_id":"big","amount":"{{most}}","asset":"PTS"}""");
        await client.WalletAsync("many", "PTS", 1);
        for (var batch = 0; batch < 3; batch++)
        {
            var credits = string.Join(",", Enumerable.Repeat("""{"type":"credit","wallet_id":"many","amount":1,"asset":"OLD2"}""", 400));
            if (batch == 0) await client.PostAsync("/assets", """{"code":"OLD2","name":"many","scale":0}""");
            Assert.Equal("201", (await client.PostAsync("/batches", $$"""{"operations":[{{credits}}]}""")).Outcome);
        }

        yield return await client.PostAsync("/debits", """{"wallet_id":"many","amount":1100,"asset":"OLD2"}""");
    }

    /// <summary>What is answered when something inside throws.</summary>
    private static async Task<TestReply> BrokenAsync(TestServer server, string prefix, Exception failure)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.Path = prefix + "/wallets";
        http.Request.Headers.Authorization = "Bearer " + TestServer.GivenKey;
        http.Features.Set<IHttpMaxRequestBodySizeFeature>(new BrokenFeature(failure));
        using var body = new MemoryStream();
        http.Response.Body = body;
        await server.Server.Rest.HandleAsync(http);
        await http.Response.BodyWriter.FlushAsync();
        var text = System.Text.Encoding.UTF8.GetString(body.ToArray());
        Assert.DoesNotContain("a bug", text, StringComparison.Ordinal);
        Assert.NotNull(JsonDocument.Parse(text));
        return new TestReply(http.Response.StatusCode, text, false, new Dictionary<string, string>());
    }

    private sealed class BrokenFeature(Exception failure) : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => throw failure;

        public long? MaxRequestBodySize { get; set; }
    }

    private sealed class JumpingClock : IClock
    {
        private readonly SystemClock _system = new();

        /// <summary>Nanoseconds.</summary>
        public long Ahead { get; set; }

        public long WallNanoseconds => _system.WallNanoseconds + Ahead;

        public long BootNanoseconds => _system.BootNanoseconds;
    }
}
