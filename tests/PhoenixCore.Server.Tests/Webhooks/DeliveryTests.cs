using System.Text;
using Microsoft.AspNetCore.Http;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Tests.Webhooks;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_subscription_gets_what_it_asked_for_signed_in_both_ways()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync();
        var made = await MakeAsync(server, receiver, "\"wallet.credited\",\"wallet.debited\"");
        var secret = new WebhookSecret(made["secret"]);
        await server.Client.WalletAsync("ann", "USD", 10_000);
        await server.Client.PostAsync("/debits", """{"wallet_id":"ann","amount":2500,"asset":"USD"}""");

        var got = await receiver.WaitAsync(2);
        Assert.Equal(["wallet.credited", "wallet.debited"], got.OrderBy(one => one.Headers["X-Phoenix-Sequence"]).Select(one => one.Type));
        foreach (var one in got)
        {
            Assert.Equal(secret.SignBody(one.Body), one.Headers["X-Webhook-Signature"]);
            Assert.Equal(secret.SignStandard(one.Id, one.Headers["webhook-timestamp"], one.Body), one.Headers["webhook-signature"]);
            Assert.Equal((one.Id, one.Headers["X-Webhook-Event"], "1"), (one.Json.GetProperty("id").GetString(), one.Type, one.Headers["X-Webhook-Attempt"]));
        }

        Assert.False((await server.Client.GetAsync($"/webhooks/{made["id"]}")).Text.Contains("whsec_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_is_repeated_with_its_id_until_it_arrives_and_other_events_go_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync();
        await MakeAsync(server, receiver, "\"wallet.created\"");
        var failures = 0;
        receiver.Answer = (http, got) =>
        {
            var isFirst = got.Json.GetProperty("data").GetProperty("external_id").GetString() == "w0";
            if (isFirst && Interlocked.Increment(ref failures) <= 3) http.Response.StatusCode = failures == 2 ? 302 : 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 5; i++) await server.Client.WalletAsync($"w{i}", "USD", 0);
        var got = await receiver.WaitAsync(8);
        Assert.Equal(5, got.Select(one => one.Id).Distinct().Count());
        Assert.Equal(["1", "2", "3", "4"], got.GroupBy(one => one.Id).Single(one => one.Count() > 1).Select(one => one.Headers["X-Webhook-Attempt"]));
    }

    [Fact]
    public async Task In_order_by_wallet_a_failure_holds_up_its_own_wallet_only()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync();
        foreach (var wallet in new[] { "ann", "bob" }) await server.Client.WalletAsync(wallet, "USD", 1_000);
        var ann = (await server.Client.GetAsync("/wallets/ann"))["id"];
        await MakeAsync(server, receiver, "\"wallet.debited\"", "\"ordering\":\"wallet\"");
        var failures = 0;
        receiver.Answer = (http, got) =>
        {
            if (got.Json.GetProperty("wallet_id").GetString() == ann && Interlocked.Increment(ref failures) <= 2) http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 6; i++) await server.Client.PostAsync("/debits", $$"""{"wallet_id":"{{(i % 2 == 0 ? "ann" : "bob")}}","amount":1,"asset":"USD"}""");
        var got = await receiver.WaitAsync(8);
        foreach (var wallet in got.GroupBy(one => one.Json.GetProperty("wallet_id").GetString()))
        {
            var order = wallet.Select(one => one.Json.GetProperty("sequence").GetString()!).Distinct().ToArray();
            Assert.Equal(order.Order(StringComparer.Ordinal), order);
        }
    }

    [Fact]
    public async Task After_a_restart_nothing_is_skipped()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync();
        await MakeAsync(server, receiver, "\"*\"");
        receiver.Answer = (http, _) =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 20; i++) await server.Client.WalletAsync($"w{i}", "USD", 5);
        await receiver.WaitAsync(3);
        await server.RestartAsync();
        receiver.Answer = null;
        var all = (await server.Client.GetAsync("/events?from_sequence=1&limit=100")).Json.GetProperty("data").EnumerateArray().Select(made => made.GetProperty("id").GetString()!).ToHashSet();
        for (var i = 0; i < 1_000 && !all.IsSubsetOf(receiver.All.Select(one => one.Id).ToHashSet()); i++) await Task.Delay(20);
        Assert.Empty(all.Except(receiver.All.Select(one => one.Id)));
    }

    [Fact]
    public async Task A_rotated_secret_signs_beside_the_old_one()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync();
        var made = await MakeAsync(server, receiver, "\"*\"");
        var rotated = await server.Client.PostAsync($"/webhooks/{made["id"]}/rotate-secret", "{}");
        Assert.NotEqual(made["secret"], rotated["secret"]);
        var test = await server.Client.PostAsync($"/webhooks/{made["id"]}/test", "{}");
        Assert.Contains("\"delivered\":true", test.Text, StringComparison.Ordinal);
        var got = (await receiver.WaitAsync(1))[0];
        var expected = new[] { rotated["secret"], made["secret"] }.Select(secret => new WebhookSecret(secret).SignStandard(got.Id, got.Headers["webhook-timestamp"], got.Body));
        Assert.Equal(string.Join(' ', expected), got.Headers["webhook-signature"]);
        Assert.Equal("webhook.test", got.Type);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_disabled_and_a_range_can_be_replayed_when_it_is_back()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync();
        var made = await MakeAsync(server, receiver, "\"wallet.created\"");
        receiver.Answer = (http, _) =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        await server.Client.WalletAsync("ann", "USD", 0);
        await receiver.WaitAsync(1);
        await UntilAsync(async () => (await server.Client.GetAsync($"/webhooks/{made["id"]}"))["status"] == "disabled");
        receiver.Answer = null;
        Assert.Equal(200, (await server.Client.SendAsync(HttpMethod.Patch, $"/webhooks/{made["id"]}", """{"status":"active"}""", "p1")).Status);
        await receiver.WaitAsync(2);
        var replayed = await server.Client.PostAsync($"/webhooks/{made["id"]}/replay", """{"from_sequence":"seq_000000000001","to_sequence":1}""");
        Assert.Equal(202, replayed.Status);
        var got = await receiver.WaitAsync(3);
        Assert.Equal("true", got[^1].Headers["X-Webhook-Replay"]);
        Assert.Equal(got[0].Id, got[^1].Id);
    }

    [Fact]
    public async Task A_receiver_that_hangs_or_drips_delays_nobody_else()
    {
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        await using var server = await StartAsync();
        using var end = new CancellationTokenSource();
        slow.Answer = async (http, _) =>
        {
            try
            {
                while (!end.IsCancellationRequested)
                {
                    await http.Response.Body.WriteAsync(new byte[1], http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                    await Task.Delay(50, http.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                // the sender gave up
            }
        };
        await MakeAsync(server, slow, "\"*\"");
        await MakeAsync(server, quick, "\"*\"");
        for (var i = 0; i < 30; i++) await server.Client.WalletAsync($"w{i}", "USD", 0);
        await quick.WaitAsync(30);
        await end.CancelAsync();
    }

    [Fact]
    public async Task Wrong_subscriptions_are_refused_and_anothers_are_not_found()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(400, (await server.Client.PostAsync("/webhooks", """{"url":"http://example.com/","events":["*"]}""")).Status);
        Assert.Equal(400, (await server.Client.PostAsync("/webhooks", """{"url":"https://10.0.0.1/","events":["*"]}""")).Status);
        Assert.Equal(400, (await server.Client.PostAsync("/webhooks", """{"url":"https://example.com/","events":["wallet.lost"]}""")).Status);
        Assert.Equal(400, (await server.Client.PostAsync("/webhooks", """{"url":"https://example.com/"}""")).Status);
        Assert.Equal(400, (await server.Client.PostAsync("/webhooks", """{"url":"https://example.com/","events":["*"],"secret":"short"}""")).Status);
        Assert.Equal(400, (await server.Client.PostAsync("/webhooks", $$$"""{"url":"https://example.com/","events":["*"],"metadata":{{{{string.Join(",", Enumerable.Range(0, 51).Select(i => $"\"k{i}\":1"))}}}}}""")).Status);
        Assert.Equal(404, (await server.Client.GetAsync("/webhooks/whk_nobody")).Status);
        var made = await server.Client.PostAsync("/webhooks", """{"url":"https://example.com/","events":["wallet.created"],"metadata":{"a":1}}""", "once");
        var again = await server.Client.PostAsync("/webhooks", """{"url":"https://example.com/","events":["wallet.created"],"metadata":{"a":1}}""", "once");
        Assert.Equal((201, made["id"], true), (again.Status, again["id"], again.IsReplay));
        Assert.DoesNotContain("whsec_", again.Text, StringComparison.Ordinal);
        Assert.Equal(204, (await server.Client.SendAsync(HttpMethod.Delete, $"/webhooks/{made["id"]}", null, "d1")).Status);
        Assert.Equal(404, (await server.Client.GetAsync($"/webhooks/{made["id"]}")).Status);
        foreach (var file in Directory.GetFiles(server.DataDirectory, "*.json", SearchOption.AllDirectories)) Assert.DoesNotContain("whsec_", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(change: settings => settings with { WebhookPrivateTargets = true, WebhookRetryScale = 0.001 });

    private static async Task<TestReply> MakeAsync(TestServer server, Receiver receiver, string events, string more = "\"metadata\":{}")
    {
        var made = await server.Client.PostAsync("/webhooks", $$"""{"url":"{{receiver.Url}}","events":[{{events}}],{{more}}}""");
        Assert.True(made.Status == 201, made.Text);
        return made;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 500; i++)
        {
            if (await condition()) return;
            await Task.Delay(20);
        }

        Assert.Fail("it never came true");
    }
}
