using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>Probes of a real process on a slow disk: during a recovery that takes its time, and while a sync does not come back.</summary>
public sealed class ProbeTests(ITestOutputHelper output)
{
    [ShimFact]
    public async Task During_a_long_recovery_the_process_lives_is_not_ready_and_says_how_far_it_is()
    {
        using var place = new TemporaryDirectory();
        await FillAsync(place.Data, segments: 2);
        var rest = FreePort();
        using var server = Start(place.Data, rest, "fsync:*:DELAY=400000");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{rest}/") };
        var percents = new List<double>();
        var began = Stopwatch.GetTimestamp();
        var refusals = 0;
        while (true)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(90), "it does not start");
            Assert.False(server.HasExited);
            if (await AskAsync(http, "startupz") is not { } answer)
            {
                await Task.Delay(20);
                continue;
            }

            if (answer.Status == 200) break;
            Assert.Equal(503, answer.Status);
            using var body = JsonDocument.Parse(answer.Body);
            Assert.Equal("starting", body.RootElement.GetProperty("status").GetString());
            percents.Add(body.RootElement.GetProperty("percent").GetDouble());
            Assert.Equal(200, (await AskAsync(http, "livez"))!.Value.Status);
            if ((await AskAsync(http, "wallets"))!.Value.Status == 503) refusals++;
            await Task.Delay(20);
        }

        output.WriteLine($"{percents.Count} answers while it started, {percents.Distinct().Count()} different, {refusals} requests refused");
        Assert.Equal(percents.Order(), percents);
        Assert.Contains(percents, percent => percent > 0); // what lies between may pass between two questions
        Assert.True(refusals > 0);
        Assert.Equal((200, "ok\n"), await AskAsync(http, "readyz"));
        server.Kill();
        await server.WaitForExitAsync();
    }

    [ShimFact]
    public async Task A_sync_that_does_not_come_back_makes_the_process_not_alive_until_it_does()
    {
        using var place = new TemporaryDirectory();
        using (var first = ServerProcess.Start(place.Data)) Assert.Contains("wal_", (await first.PostAsync("/wallets", "w", """{"external_id":"ann","currency":"USD"}"""))!.Value.Body, StringComparison.Ordinal);
        using var server = ServerProcess.Start(place.Data, "fdatasync:*:DELAY=3000000", "--stall-seconds", "1");
        using var http = new HttpClient { BaseAddress = server.Rest };
        var seen = new HashSet<int>();
        for (var round = 0; round < 3; round++)
        {
            var posted = server.PostAsync("/credits", $"k{round}", """{"wallet_id":"ann","amount":1,"asset":"USD"}""");
            while (!posted.IsCompleted)
            {
                seen.Add((await AskAsync(http, "livez"))!.Value.Status);
                await Task.Delay(50);
            }

            Assert.Equal(201, (await posted)!.Value.Status);
        }

        Assert.Equal([200, 503], seen.Order());
    }

    /// <summary>A journal of several segments of 2 MiB, without snapshots.</summary>
    private static async Task FillAsync(string data, int segments)
    {
        using var server = ServerProcess.Start(data);
        Assert.Equal(201, (await server.PostAsync("/wallets", "w", """{"external_id":"ann","currency":"USD"}"""))!.Value.Status);
        var text = new string('x', 500);
        var shard = Path.Combine(data, "shards", "0");
        for (var i = 0; Directory.GetFiles(shard, "*.segment").Length < segments + 2; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 64).Select(async lane =>
                Assert.Equal(201, (await server.PostAsync("/credits", $"k{i}-{lane}", $$$"""{"wallet_id":"ann","amount":1,"asset":"USD","metadata":{"note":"{{{text}}}"}}"""))!.Value.Status)));
        }

        server.Kill();
        server.WaitEnd();
    }

    private static Process Start(string data, int rest, string fault)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server"),
            ["--data", data, "--rest", $"127.0.0.1:{rest}", "--grpc", "127.0.0.1:0", "--huge-pages", "false", "--wallets-expected", "1024", "--segment-min-mib", "2", "--segment-max-mib", "2"])
        { RedirectStandardOutput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PHOENIX_TEST_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["PHOENIX_API_KEY"] = ServerProcess.Key;
        start.Environment["LD_PRELOAD"] = Shim.Path;
        start.Environment["FAULT"] = fault;
        return Process.Start(start)!;
    }

    /// <returns>Null while nobody listens.</returns>
    private static async Task<(int Status, string Body)?> AskAsync(HttpClient http, string path)
    {
        try
        {
            using var response = await http.GetAsync(path);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
