using System.Net.Sockets;
using System.Text;
using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Tests;

/// <summary>Whatever is sent, the answer is an error of the caller's with its code, and no balance moves.</summary>
public class BadInputTests
{
    public static TheoryData<string, string, string> Bodies()
    {
        const string credit = "/credits";
        var table = new TheoryData<string, string, string>
        {
            { credit, "{", "400 VALIDATION_ERROR" },
            { credit, "", "400 VALIDATION_ERROR" },
            { credit, "[]", "400 VALIDATION_ERROR" },
            { credit, "null", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","asset":"USD"}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD"} trailing""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD",}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"amount":2,"asset":"USD"}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","asset_code":"USD"}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","x":1,"x":2}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","metadata":{"a":{"b":1,"b":2}}}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","metadata":"text"}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","reference":"\ud800"}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","reference":"a\u0000b"}""", "400 VALIDATION_ERROR" },
            { credit, $$"""{"wallet_id":"w","amount":1,"asset":"USD","reference":"{{new string('r', 256)}}"}""", "400 VALIDATION_ERROR" },
            { credit, $$$"""{"wallet_id":"w","amount":1,"asset":"USD","metadata":{"a":"{{{new string('m', 4_096)}}}"}}""", "400 VALIDATION_ERROR" },
            { credit, $$$"""{"wallet_id":"w","amount":1,"asset":"USD","metadata":{ {{{string.Join(",", Enumerable.Range(0, 51).Select(i => $"\"k{i}\":1"))}}} } }""", "400 VALIDATION_ERROR" },
            { credit, $$"""{"wallet_id":"w","amount":1,"asset":"USD","x":{{new string('[', 40)}}{{new string(']', 40)}}}""", "400 VALIDATION_ERROR" },
            { credit, $$"""{"wallet_id":"w","amount":1,"asset":"USD","x":"{{new string('x', 70_000)}}"}""", "413 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","lot":{"expires_at":"2020-01-01T00:00:00Z"}}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","lot":{"expires_at":"2030-01-01"}}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","lot":{"lot_id":"lot_1"}}""", "404 LOT_NOT_FOUND" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"USD","policy_id":"pol_1"}""", "400 INVALID_POLICY" },
            { credit, """{"wallet_id":7,"amount":1,"asset":"USD"}""", "400 VALIDATION_ERROR" },
            { credit, """{"wallet_id":"nobody","amount":1,"asset":"USD"}""", "404 WALLET_NOT_FOUND" },
            { credit, """{"wallet_id":"wal_0000000000000000000000000a","amount":1,"asset":"USD"}""", "404 WALLET_NOT_FOUND" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"NONE"}""", "404 ASSET_NOT_FOUND" },
            { credit, """{"wallet_id":"w","amount":"1.00","asset":"NONE"}""", "404 ASSET_NOT_FOUND" },
            { credit, """{"wallet_id":"w","amount":1,"asset":"much too long for a code"}""", "404 ASSET_NOT_FOUND" },
            { credit, """{"wallet_id":"system:liability","amount":1,"asset":"USD"}""", "422 SYSTEM_WALLET" },
            { "/wallets", "{}", "400 VALIDATION_ERROR" },
            { "/wallets", """{"external_id":"wal_mine"}""", "400 VALIDATION_ERROR" },
            { "/wallets", """{"external_id":"new","currency":"NONE"}""", "404 ASSET_NOT_FOUND" },
            { "/wallets", """{"external_id":"new","policies":["pol_1"]}""", "400 INVALID_POLICY" },
            { "/wallets", """{"external_id":"system:liability"}""", "409 DUPLICATE_EXTERNAL_ID" },
            { "/transfers", """{"from_wallet_id":"w","to_wallet_id":"w","amount":1,"asset":"USD"}""", "422 SAME_WALLET" },
            { "/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":1001,"asset":"USD"}""", "400 INSUFFICIENT_BALANCE" },
            { "/transfers", """{"legs":[],"reference":"r"}""", "400 VALIDATION_ERROR" },
            { "/transfers", """{"legs":[{"from_wallet_id":"w","to_wallet_id":"other","amount":1,"asset":"USD"}],"amount":1}""", "400 VALIDATION_ERROR" },
            { "/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":1,"asset":"USD","lot_selection":{"strategy":"specific"}}""", "400 VALIDATION_ERROR" },
            { "/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":1,"asset":"USD","lot_selection":{"strategy":"specific","lot_ids":["lot_none"]}}""", "404 LOT_NOT_FOUND" },
            { "/transfers", """{"reservation_id":"rsv_none","to_wallet_id":"other","asset":"USD"}""", "400 VALIDATION_ERROR" },
            { "/transfers", """{"reservation_id":"rsv_none","to_wallet_id":"other"}""", "404 RESERVATION_NOT_FOUND" },
            { "/reservations", """{"wallet_id":"w","amount":1,"asset":"USD","expires_in":0}""", "400 VALIDATION_ERROR" },
            { "/reservations", """{"wallet_id":"w","amount":1,"asset":"USD","expires_in":2678401}""", "400 VALIDATION_ERROR" },
            { "/reservations", """{"wallet_id":"w","amount":1,"asset":"USD","expires_in":60,"expires_at":"2030-01-01T00:00:00Z"}""", "400 VALIDATION_ERROR" },
            { "/assets", """{"code":"USD","name":"again","scale":2}""", "409 DUPLICATE_ASSET" },
            { "/assets", """{"code":"X","name":"x","scale":19}""", "400 VALIDATION_ERROR" },
            { "/assets", """{"code":"has blank","name":"x","scale":2}""", "400 VALIDATION_ERROR" },
            { "/assets/NONE/deactivate", "{}", "404 ASSET_NOT_FOUND" },
            { "/batches", """{"operations":[{"type":"debit","wallet_id":"w","amount":1,"asset":"USD"},{"type":"debit","wallet_id":"w","amount":1000,"asset":"USD"}]}""", "400 INSUFFICIENT_BALANCE" },
            { "/batches", """{"operations":[{"type":"steal","wallet_id":"w","amount":1}]}""", "400 VALIDATION_ERROR" },
            { "/batches", """{"operations":[]}""", "400 VALIDATION_ERROR" },
            { "/reservations/rsv_none/commit", """{"final":false}""", "404 RESERVATION_NOT_FOUND" },
            { "/reservations/rsv_none/commit", """{"final":"no"}""", "400 VALIDATION_ERROR" },
            { "/reservations/rsv_none/increment", "{}", "400 VALIDATION_ERROR" },
            { "/reservations/rsv_none/extend", "{}", "400 VALIDATION_ERROR" },
            { "/reservations/rsv_none/extend", """{"expires_in":60}""", "404 RESERVATION_NOT_FOUND" },
            { "/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":1,"asset":"USD","destination_lot":{"policy_id":"pol_1"}}""", "400 INVALID_POLICY" },
            { "/transfers", """{"from_wallet_id":"w","to_wallet_id":"other","amount":1,"asset":"USD","destination_lot":{"expires_at":"2020-01-01T00:00:00Z"}}""", "400 VALIDATION_ERROR" },
            { "/debits", """{"wallet_id":"w","amount":1,"asset":"USD","destination_lot":{}}""", "400 VALIDATION_ERROR" },
            { "/credits/crd_none/reverse", "{}", "404 TRANSACTION_NOT_FOUND" },
            { "/credits/crd_none/reverse", """{"wallet_id":"w"}""", "400 VALIDATION_ERROR" },
            { "/lots/lot_none/expire", "{}", "404 LOT_NOT_FOUND" },
            { "/reservations/rsv_none/release", """{"amount":1}""", "404 RESERVATION_NOT_FOUND" },
            { "/nowhere", "{}", "404 NOT_FOUND" },
            { "/wallets/w/balances", "{}", "405 METHOD_NOT_ALLOWED" },
        };
        table.Add(credit, """{"wallet_id":"w","amount":1,"asset":"USD","tenant_id":"other"}""", "403 FORBIDDEN");
        foreach (var owned in new[] { "tenant", "balance", "status", "scale", "sequence", "created_at", "is_system", "epoch", "scopes", "amount_minor", "Amount", "amuont_minor_amount", "available" })
            table.Add(credit, $$"""{"wallet_id":"w","amount":1,"asset":"USD","{{owned}}":"1"}""", "400 VALIDATION_ERROR");
        foreach (var amount in new[] { "1.5", "1e3", "true", "null", "{}", "[1]", "1.0" })
            table.Add(credit, $$"""{"wallet_id":"w","amount":{{amount}},"asset":"USD"}""", "400 VALIDATION_ERROR");
        foreach (var amount in new[] { "0", "-1", "\"\"", "\"-1\"", "\"+1\"", "\"0\"", "\"0.00\"", "\"1e3\"", "\"0x10\"", "\"NaN\"", "\"１\"", "\" 1\"", "\"1.\"", "\".5\"", "\"1.005\"", "\"1,00\"", "999999999999999999999999999999999999999", "\"999999999999999999999999999999999999999\"", "\"10000000000000000000000000000000000000.00\"", "170141183460469231731687303715884105728", "\"1701411834604692317316873037158841057.28\"", "\"0.0000000000000000001\"", "\"\\uff11\"", "\"-0.01\"", "\"Infinity\"", "\"1_000\"" })
            table.Add(credit, $$"""{"wallet_id":"w","amount":{{amount}},"asset":"USD"}""", "400 INVALID_AMOUNT");
        return table;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_bad_body_is_refused_with_its_code_and_changes_nothing(bool bare)
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("w", "USD", 1_000);
        await server.Client.WalletAsync("other", "USD", 0);
        var wrong = new List<string>();
        foreach (var row in Bodies())
        {
            var (path, body, expected) = ((string)row[0], (string)row[1], (string)row[2]);
            var reply = await server.Client.PostAsync((bare ? "/v1" : "") + path, body);
            if (reply.Outcome != expected) wrong.Add($"{path} {body[..Math.Min(body.Length, 150)]}: {reply.Outcome} instead of {expected}");
            Assert.DoesNotContain("   at ", reply.Text);
        }

        Assert.Empty(wrong);
        Assert.Equal((1_000, 0), await server.Client.BalanceAsync("w", "USD"));
        Assert.Equal((0, 0), await server.Client.BalanceAsync("other", "USD"));
    }

    [Theory]
    [InlineData("/wallets/nobody", "no such wallet")]
    [InlineData("/assets/NONE", "no such asset")]
    [InlineData("/policies/pol_nothing", "no such policy, or not this version of it")]
    public async Task What_a_question_does_not_find_is_told_without_the_number_of_an_operation(string path, string message)
    {
        await using var server = await TestServer.StartAsync();
        var reply = await server.Client.GetAsync(path);
        Assert.Equal((404, message, false), (reply.Status, reply.Json.GetProperty("error").GetProperty("message").GetString(), reply.Json.GetProperty("error").TryGetProperty("details", out _)));
    }

    [Fact]
    public async Task Texts_that_nothing_knows_are_ignored()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("w", "USD", 0);
        Assert.Equal("201", (await server.Client.PostAsync("/credits", """{"wallet_id":"w","amount":1,"asset":"USD","note":"hello","context":{"ip":"x"},"name":"n"}""")).Outcome);
    }

    [Theory]
    [InlineData("text/plain", "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("application/x-www-form-urlencoded", "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("application/json; charset=utf-16", "415 UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("application/json; charset=utf-8", "201")]
    public async Task Only_json_is_read(string contentType, string expected)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(expected, (await server.Client.SendAsync(HttpMethod.Post, "/wallets", """{"external_id":"w"}""", "k", contentType)).Outcome);
    }

    [Theory]
    [InlineData("Idempotency-Key", "")]
    [InlineData("X-Deadline-Ms", "soon")]
    [InlineData("X-Deadline-Ms", "-1")]
    public async Task Bad_headers_are_refused(string name, string value)
    {
        await using var server = await TestServer.StartAsync();
        var key = name == "Idempotency-Key" ? new string('k', 256) : "k";
        Assert.Equal("400 VALIDATION_ERROR", (await server.Client.SendAsync(HttpMethod.Post, "/wallets", """{"external_id":"w"}""", key, headers: name == "Idempotency-Key" ? [] : [(name, value)])).Outcome);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_is_told_and_nothing_is_applied()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("408 DEADLINE_EXCEEDED", (await server.Client.SendAsync(HttpMethod.Post, "/wallets", """{"external_id":"w"}""", "k", headers: [("X-Deadline-Ms", "0")])).Outcome);
        Assert.Equal("201", (await server.Client.SendAsync(HttpMethod.Post, "/wallets", """{"external_id":"w"}""", "k", headers: [("X-Deadline-Ms", "60000")])).Outcome);
    }

    [Fact]
    public async Task Without_a_good_key_every_route_says_only_unauthorized()
    {
        await using var server = await TestServer.StartAsync(givenKey: null);
        var minted = server.Server.Started.MintedKey!;
        string?[] bad = [null, "", "x", minted[..^1], minted + "0", minted[..^1] + (minted[^1] == '0' ? '1' : '0'), ApiKey.Mint(ApiKey.NewId()), "phx__", new string('k', 5_000)];
        foreach (var key in bad)
        {
            using var client = server.ClientWith(key);
            foreach (var path in new[] { "/wallets", "/v1/wallets/house_wallet", "/nowhere", "/assets/USD" }) Assert.Equal("401 UNAUTHORIZED", (await client.GetAsync(path)).Outcome);
            Assert.Equal("200", (await client.GetAsync("/health")).Outcome);
        }

        Assert.Equal("200", (await server.Client.GetAsync("/wallets/house_wallet")).Outcome);
        await server.RestartAsync();
        Assert.Null(server.Server.Started.MintedKey);
        using var again = server.ClientWith(minted);
        Assert.Equal("200", (await again.GetAsync("/wallets/house_wallet")).Outcome);
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory).Where(path => !path.EndsWith("/lock", StringComparison.Ordinal))) Assert.DoesNotContain(minted.Split('_')[2], File.ReadAllText(file));
    }

    /// <summary>What a client library would not send. The answer's first line, or nothing where Kestrel just closes.</summary>
    [Theory]
    [InlineData("GET /health HTTP/1.1\nHost: x\n\n", "400")]
    [InlineData("POST /wallets HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("POST /wallets HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("POST /wallets HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400")]
    [InlineData("GET /wallets HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400")]
    [InlineData("GET /wallets HTTP/1.1\r\n\r\n", "400")]
    [InlineData("POST /wallets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a-key-of-the-tests\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}\r\n0\r\n\r\n", "400")]
    [InlineData("POST /wallets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a-key-of-the-tests\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n", "413")]
    public async Task Malformed_framing_is_refused(string request, string status)
    {
        await using var server = await TestServer.StartAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5_000 };
        await socket.ConnectAsync(server.Server.RestAddress.Host, server.Server.RestAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[4_096];
        var count = socket.Receive(buffer);
        var answer = Encoding.ASCII.GetString(buffer, 0, count);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.DoesNotContain("Server:", answer);
    }
}
