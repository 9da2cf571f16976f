using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Tests.Webhooks;

/// <summary>Receivers that answer as badly as bytes allow: each costs one attempt and a bounded time.</summary>
public sealed class HostileReceiverTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <param name="head">What is answered at once; <c>#</c> = 100,000 letters, <c>!</c> = the connection is reset.</param>
    /// <param name="drip">What comes again and again afterwards, for as long as the sender listens.</param>
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("HTTP/1.1 200 OK\r\n", "", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Drip: ", "a", 0)]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nX: #\r\n\r\n", "", 0)]
    [InlineData("no HTTP at all\r\n\r\n", "", 0)]
    [InlineData("HTTP/1.1 twohundred OK\r\n\r\n", "", 0)]
    [InlineData("!", "", 0)]
    [InlineData("HTTP/1.1 20!", "", 0)]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "", 500)]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 10\r\n\r\n", "", 500)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "########", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz", "", 200)]
    [InlineData("HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", "", 999)]
    public async Task A_bad_answer_costs_one_attempt_and_a_bounded_time(string head, string drip, int status)
    {
        using var end = new CancellationTokenSource();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, head, drip, end.Token);
        using var sender = new WebhookSender(mayBePrivate: true, Timeout);
        var clock = Stopwatch.StartNew();
        var attempt = await sender.SendAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", [], "{}"u8.ToArray(), CancellationToken.None);
        Assert.Equal((status, status == 200), (attempt.Status, attempt.Error is null));
        Assert.True(attempt.Answer.Length <= 1_024);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"it took {clock.Elapsed}"); // the timeout and a busy machine
        await end.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task What_is_never_taken_is_given_up_after_ten_attempts_kept_and_sent_again_when_asked()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await TestServer.StartAsync(change: settings => settings with { WebhookPrivateTargets = true, WebhookRetryScale = 0.000_005 });
        var made = await server.Client.PostAsync("/webhooks", $$"""{"url":"{{receiver.Url}}","events":["wallet.created"]}""");
        receiver.Answer = (http, _) =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await server.Client.WalletAsync("ann", "USD", 0);
        var attempts = await receiver.WaitAsync(RetrySchedule.AttemptsMax, seconds: 60);
        Assert.Equal(Enumerable.Range(1, RetrySchedule.AttemptsMax).Select(number => number.ToString()), attempts.Select(one => one.Headers["X-Webhook-Attempt"]));
        Assert.Single(attempts.Select(one => one.Id).Distinct());
        string deliveries = "";
        for (var i = 0; i < 500 && !(deliveries = (await server.Client.GetAsync($"/webhooks/{made["id"]}/deliveries?status=failed")).Text).Contains("\"status 500\"", StringComparison.Ordinal); i++) await Task.Delay(20);
        Assert.Contains("\"attempts\":10", deliveries, StringComparison.Ordinal);
        receiver.Answer = null;
        Assert.Contains("\"queued\":1", (await server.Client.PostAsync($"/webhooks/{made["id"]}/replay", """{"failed":true}""")).Text, StringComparison.Ordinal);
        Assert.Equal(attempts[0].Id, (await receiver.WaitAsync(RetrySchedule.AttemptsMax + 1))[^1].Id);
    }

    [Fact]
    public async Task A_receiver_that_asks_for_time_gets_it_for_all_its_deliveries()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await TestServer.StartAsync(change: settings => settings with { WebhookPrivateTargets = true, WebhookRetryScale = 0.000_1 });
        var made = await server.Client.PostAsync("/webhooks", $$"""{"url":"{{receiver.Url}}","events":["wallet.created"]}""");
        var first = 0L;
        receiver.Answer = (http, _) =>
        {
            if (Interlocked.CompareExchange(ref first, Stopwatch.GetTimestamp(), 0) == 0) (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "2");
            return Task.CompletedTask;
        };
        await server.Client.WalletAsync("ann", "USD", 0);
        await receiver.WaitAsync(1);
        for (var i = 0; i < 500 && !(await server.Client.GetAsync($"/webhooks/{made["id"]}")).Text.Contains("\"failure_count\":1", StringComparison.Ordinal); i++) await Task.Delay(10); // it has been heard
        var arrivals = new List<TimeSpan>();
        receiver.Answer = (_, _) =>
        {
            lock (arrivals) arrivals.Add(Stopwatch.GetElapsedTime(first));
            return Task.CompletedTask;
        };
        await server.Client.WalletAsync("bob", "USD", 0);
        await receiver.WaitAsync(3);
        Assert.All(arrivals, arrival => Assert.True(arrival > TimeSpan.FromSeconds(1.9), $"{arrival} after it asked for two seconds"));
    }

    [Fact]
    public async Task The_number_of_a_removed_webhook_does_not_come_again()
    {
        await using var server = await TestServer.StartAsync();
        var first = (await server.Client.PostAsync("/webhooks", """{"url":"https://localhost:9/","events":["*"]}"""))["id"];
        Assert.Equal(204, (await server.Client.SendAsync(HttpMethod.Delete, $"/webhooks/{first}", null, "d")).Status);
        var second = (await server.Client.PostAsync("/webhooks", """{"url":"https://localhost:9/","events":["*"]}"""))["id"];
        Assert.Equal(204, (await server.Client.SendAsync(HttpMethod.Delete, $"/webhooks/{second}", null, "d2")).Status);
        await server.RestartAsync();
        var third = (await server.Client.PostAsync("/webhooks", """{"url":"https://localhost:9/","events":["*"]}"""))["id"];
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Equal("404 WEBHOOK_NOT_FOUND", (await server.Client.GetAsync($"/webhooks/{first}")).Outcome);
    }

    private static async Task ServeAsync(TcpListener listener, string head, string drip, CancellationToken end)
    {
        try
        {
            using var socket = await listener.AcceptSocketAsync(end);
            await socket.ReceiveAsync(new byte[8_192], end);
            await socket.SendAsync(Letters(head.TrimEnd('!')), end);
            if (head.EndsWith('!'))
            {
                socket.LingerState = new LingerOption(true, 0);
                return;
            }

            while (true)
            {
                if (drip.Length > 0) await socket.SendAsync(Letters(drip), end);
                await Task.Delay(20, end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // the sender gave up, or the test has ended
        }
    }

    private static byte[] Letters(string text) => Encoding.ASCII.GetBytes(text.Replace("#", new string('x', 100_000), StringComparison.Ordinal));
}
