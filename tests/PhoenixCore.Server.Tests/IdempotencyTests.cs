using PhoenixCore.Server.Tests.Tenancy;

namespace PhoenixCore.Server.Tests;

/// <summary>What a key promises: once, and the same answer ever after.</summary>
public class IdempotencyTests
{
    [Fact]
    public async Task A_repeated_key_answers_the_same_bytes_also_after_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("other", "USD", 0);
        (string Path, string Body)[] requests =
        [
            ("/wallets", """{"external_id":"w","metadata":{"b":1,"a":"ü\u0041"}}"""),
            ("/credits", """{"wallet_id":"w","amount":"10.00","asset":"USD","lot":{"expires_in":3600,"attributes":{"x":true}}}"""),
            ("/debits", """{"wallet_id":"w","amount":"99.00","asset":"USD"}"""),
            ("/transfers", """{"legs":[{"from_wallet_id":"w","to_wallet_id":"other","amount":"1.00","asset":"USD"},{"from_wallet_id":"w","to_wallet_id":"house_wallet","amount":"2.00","asset":"USD"}],"reference":"split"}"""),
            ("/reservations", """{"wallet_id":"w","amount":"3.00","asset":"USD","expires_in":60}"""),
            ("/assets", """{"code":"PTS","name":"Points","scale":0}"""),
            ("/assets/PTS/deactivate", "{}"),
            ("/wallets/w/freeze", """{"reason":"audit"}"""),
            ("/batches", """{"operations":[{"type":"wallet","external_id":"b"},{"type":"credit","wallet_id":"b","amount":5,"asset":"USD"}]}"""),
        ];
        var first = new List<TestReply>();
        for (var i = 0; i < requests.Length; i++) first.Add(await server.Client.PostAsync(requests[i].Path, requests[i].Body, $"k{i}"));
        Assert.Equal(["201", "201", "400 INSUFFICIENT_BALANCE", "201", "201", "201", "200", "200", "201"], first.Select(reply => reply.Outcome));

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < requests.Length; i++)
            {
                var again = await server.Client.PostAsync(requests[i].Path, requests[i].Body, $"k{i}");
                Assert.Equal((first[i].Status, first[i].Text, true), (again.Status, again.Text, again.IsReplay));
            }

            if (round == 0) await server.RestartAsync();
        }

        Assert.Equal((400, 300), await server.Client.BalanceAsync("w", "USD"));
    }

    [Fact]
    public async Task A_retry_through_the_other_dialect_replays()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        var first = await client.PostAsync("/credits", """{"wallet_id":"w","amount":"75.00","asset":"USD"}""", "k");
        var second = await client.PostAsync("/v1/credits", """{"wallet_id":"w","amount":"7500","asset_code":"USD"}""", "k");
        Assert.Equal((201, true, first["id"], "7500"), (second.Status, second.IsReplay, second["id"], second["amount"]));
        Assert.Equal((7_500, 0), await client.BalanceAsync("w", "USD"));
    }

    /// <summary>A decimal needs the reservation's scale also when the reservation is long over.</summary>
    [Fact]
    public async Task A_partial_capture_in_decimals_replays_after_the_reservation_has_ended()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 1_000);
        var held = await client.PostAsync("/reservations", """{"wallet_id":"w","amount":"5.00","asset":"USD"}""");
        var body = """{"amount":"2.00"}""";
        var first = await client.PostAsync($"/reservations/{held["id"]}/capture", body, "k");
        var again = await client.PostAsync($"/reservations/{held["id"]}/capture", body, "k");
        Assert.Equal(("committed", "2.00", "3.00"), (first["status"], first["committed_amount"], first["released_amount"]));
        Assert.Equal((first.Text, true), (again.Text, again.IsReplay));
        Assert.Equal((800, 0), await client.BalanceAsync("w", "USD"));
    }

    [Fact]
    public async Task The_same_key_for_another_request_is_a_conflict()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        await client.PostAsync("/credits", """{"wallet_id":"w","amount":1,"asset":"USD"}""", "k");
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await client.PostAsync("/credits", """{"wallet_id":"w","amount":2,"asset":"USD"}""", "k")).Outcome);
        Assert.Equal("409 IDEMPOTENCY_CONFLICT", (await client.PostAsync("/debits", """{"wallet_id":"w","amount":1,"asset":"USD"}""", "k")).Outcome);
        Assert.Equal((1, 0), await client.BalanceAsync("w", "USD"));
    }

    /// <summary>A key is its tenant's: neither the credential nor the way of writing a number makes it another, and nothing but its own letters does.</summary>
    [Fact]
    public async Task A_key_belongs_to_its_tenant_letter_by_letter()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 0);
        using var other = server.ClientWith(await server.KeyAsync("default", "wallets:write"));
        var first = await client.PostAsync("/credits", """{"wallet_id":"w","amount":"5.00","asset":"USD","metadata":{"a":1,"b":[2]}}""", "k");
        foreach (var (path, body) in new[]
        {
            ("/credits", """{"wallet_id":"w","amount":"5.00","asset":"USD","metadata":{"a":1,"b":[2]}}"""), ("/credits", """{"wallet_id":"w","amount":"5","asset":"USD","metadata":{"a":1,"b":[2]}}"""), ("/credits", """{"wallet_id":"w","amount":"5.0","asset":"USD","metadata":{"a":1,"b":[2]}}"""),
            ("/credits", """{"wallet_id":"w","amount":500,"asset":"USD","metadata":{"a":1,"b":[2]}}"""), ("/credits", """ { "asset" : "USD" , "metadata":{ "a":1,"b":[ 2 ]}, "amount":500,"wallet_id":"\u0077"} """),
        })
        {
            var again = await other.PostAsync(path, body, "k");
            Assert.Equal((201, first.Text, true), (again.Status, again.Text, again.IsReplay));
        }

        var credit = """{"wallet_id":"w","amount":"1.00","asset":"USD"}""";
        string[] apart = ["\u00e9", "e\u0301", "K", "k k", "k.", "\u212a", "\uff4b", "k\u200b", new string('k', 255), new string('k', 254)];
        foreach (var key in apart) Assert.Equal(("201", false), ((await other.SendAsync(HttpMethod.Post, "/credits", credit, key)) is var made ? made.Outcome : "", made.IsReplay));
        foreach (var key in new[] { new string('k', 256), new string('k', 10_000) }) Assert.Equal("400 VALIDATION_ERROR", (await other.PostAsync("/credits", credit, key)).Outcome);
        Assert.Equal((500 + (100 * apart.Length), 0), await client.BalanceAsync("w", "USD"));
    }

    [Fact]
    public async Task The_reference_dialect_demands_a_key_and_the_other_does_not()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal("400 IDEMPOTENCY_KEY_REQUIRED", (await server.Client.PostAsync("/wallets", """{"external_id":"w"}""", key: "")).Outcome);
        Assert.Equal("201", (await server.Client.PostAsync("/v1/wallets", """{"external_id":"w"}""", key: "")).Outcome);
    }

    [Fact]
    public async Task Sixty_four_duplicates_of_one_key_apply_once_and_answer_alike()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.WalletAsync("w", "USD", 0);
        var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => server.Client.PostAsync("/credits", """{"wallet_id":"w","amount":7,"asset":"USD"}""", "same")));
        Assert.Single(replies.Select(reply => reply.Text).Distinct());
        Assert.Equal(63, replies.Count(reply => reply.IsReplay));
        Assert.Equal((7, 0), await server.Client.BalanceAsync("w", "USD"));
    }

    [Fact]
    public async Task A_closed_key_is_never_applied()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Client;
        await client.WalletAsync("w", "USD", 5);
        Assert.Equal("404 OPERATION_NOT_FOUND", (await client.GetAsync("/operations/by-key/late")).Outcome);
        Assert.Equal("closed", (await client.PostAsync("/operations/status", """{"idempotency_key":"late","close":true}"""))["status"]);
        Assert.Equal("409 IDEMPOTENCY_KEY_CLOSED", (await client.PostAsync("/credits", """{"wallet_id":"w","amount":1,"asset":"USD"}""", "late")).Outcome);
        await client.PostAsync("/debits", """{"wallet_id":"w","amount":6,"asset":"USD"}""", "refused");
        var refused = await client.GetAsync("/operations/by-key/refused");
        Assert.Equal(("refused", "INSUFFICIENT_BALANCE"), (refused["status"], refused["code"]));
    }
}
