using System.Net;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Tests.Metrics;

namespace PhoenixCore.Server.Tests.Health;

/// <summary>Supervisors and load balancers are told the truth: while the server starts, while it runs, and when it cannot do its work.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task While_it_recovers_probes_answer_and_nothing_else_does()
    {
        await using var before = await TestServer.StartAsync();
        await before.Client.WalletAsync("ann", "USD", 100);
        var settings = before.Settings();
        await before.StopAsync();
        var clock = new HeldClock();
        var listening = new TaskCompletionSource<PhoenixServer>();
        var starting = PhoenixServer.StartAsync(settings, fault => Environment.FailFast($"{fault.Reason}"), ledgerClock: clock, onListening: listening.SetResult);
        var early = await listening.Task;
        using (var client = new TestClient(early.RestAddress, TestServer.GivenKey))
        {
            for (var tries = 0; tries < 1_000 && !clock.IsAsked; tries++) await Task.Delay(10);
            Assert.True(clock.IsAsked);
            var startup = await client.GetAsync("/startupz");
            Assert.Equal((503, "starting", "starting", "100"), (startup.Status, startup["status"], startup["phase"], startup["percent"]));
            Assert.Equal((200, "ok\n"), await TextAsync(client, "/livez"));
            Assert.Equal((503, "not ok\n"), await TextAsync(client, "/readyz"));
            Assert.Equal((503, "[-] recovered\n[+] serving\nnot ok\n"), await TextAsync(client, "/readyz?verbose"));
            Assert.Equal((200, 503), ((await client.GetAsync("/health")).Status, (await client.GetAsync("/v1/ready")).Status));
            var refused = await client.GetAsync("/wallets/ann");
            Assert.Equal(("503 UNAVAILABLE", "1"), (refused.Outcome, refused.Headers["Retry-After"]));
            var metrics = await MetricsTests.ScrapeAsync(client);
            Assert.Equal((4, 1), (metrics["phoenix_shard_role", "shard=0"], metrics["phoenix_recovery_progress_ratio", "shard=0"]));
            Assert.Null(metrics.Find("phoenix_wallets", "shard=0"));
            Assert.Equal((200, "14"), await GrpcStatusAsync(early.GrpcAddress));
            Assert.False(starting.IsCompleted);
            clock.Go();
            await using var server = await starting;
            startup = await client.GetAsync("/startupz");
            Assert.Equal((200, "started", "open", "100"), (startup.Status, startup["status"], startup["phase"], startup["percent"]));
            Assert.Equal((200, "ok\n"), await TextAsync(client, "/readyz"));
            Assert.Equal(200, (await client.GetAsync("/wallets/ann")).Status);
        }
    }

    [Fact]
    public async Task A_server_that_runs_is_ready_as_the_leader_and_not_as_a_follower()
    {
        await using var server = await TestServer.StartAsync();
        using var anybody = server.ClientWith(null);
        Assert.Equal((200, "ok\n"), await TextAsync(anybody, "/livez"));
        Assert.Equal((200, "ok\n"), await TextAsync(anybody, "/readyz?role=leader"));
        Assert.Equal((200, "ok\n"), await TextAsync(anybody, "/readyz?role=single"));
        Assert.Equal((503, "not ok\n"), await TextAsync(anybody, "/readyz?role=follower"));
        Assert.Equal((200, "[+] recovered\n[+] serving\n[+] loops\n[+] journal\n[+] clock\n[+] room\n[+] role\nok\n"), await TextAsync(anybody, "/readyz?verbose&role=leader"));
        Assert.Equal("400 VALIDATION_ERROR", (await anybody.GetAsync("/readyz?role=king")).Outcome);
        Assert.Equal("400 VALIDATION_ERROR", (await anybody.GetAsync("/readyz?role=leader&role=leader")).Outcome);
    }

    [Fact]
    public async Task A_clock_that_jumped_makes_it_not_ready_and_alive()
    {
        var clock = new JumpingClock();
        await using var server = await TestServer.StartAsync(clock: clock);
        clock.Jump(TimeSpan.FromHours(1));
        await UntilAsync(server.Client, "/readyz?verbose", 503);
        Assert.Contains("[-] clock\n", (await TextAsync(server.Client, "/readyz?verbose")).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await TextAsync(server.Client, "/livez")).Status);
        Assert.Equal("503 CLOCK_SUSPECT", (await server.Client.PostAsync("/wallets", """{"external_id":"late"}""")).Outcome);
        var metrics = await MetricsTests.ScrapeAsync(server.Client);
        Assert.Equal(1, metrics["phoenix_clock_suspect", "shard=0"]);
        Assert.Equal(1, metrics["phoenix_sequencer_refused_total", "shard=0", "reason=clock_suspect"]);
        clock.Jump(TimeSpan.Zero);
        await UntilAsync(server.Client, "/readyz", 200);
    }

    private static async Task<(int Status, string Text)> TextAsync(TestClient client, string path)
    {
        var reply = await client.GetAsync(path);
        return (reply.Status, reply.Text);
    }

    private static async Task UntilAsync(TestClient client, string path, int status)
    {
        for (var tries = 0; tries < 500 && (await client.GetAsync(path)).Status != status; tries++) await Task.Delay(20);
        Assert.Equal(status, (await client.GetAsync(path)).Status);
    }

    /// <summary>Of a call that is answered with trailers alone.</summary>
    private static async Task<(int Status, string Code)> GrpcStatusAsync(Uri address)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/phoenix.v1.Ledger/GetWallet")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Content.Headers.ContentType = new("application/grpc");
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.GetValues("grpc-status").Single());
    }
}
