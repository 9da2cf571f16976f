using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Faults.Tests;

/// <summary>The process as a supervisor sees it: what it says to systemd's socket, and its events as JSON.</summary>
public sealed class SupervisedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Systemd_is_told_of_start_readiness_life_and_stop(bool isAbstract)
    {
        using var place = new TemporaryDirectory();
        var name = isAbstract ? $"phoenix-notify-{Guid.NewGuid():N}" : Path.Combine(place.Root, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name : name));
        using var server = Start(place.Data, ("NOTIFY_SOCKET", isAbstract ? "@" + name : name), ("WATCHDOG_USEC", "200000"));
        var said = await HearAsync(socket, messages => messages.Count(message => message == "WATCHDOG=1") >= 3);
        var ready = said.IndexOf("READY=1\nSTATUS=serving");
        Assert.InRange(ready, 1, said.Count);
        Assert.StartsWith("STATUS=recovering, ", said[0], StringComparison.Ordinal);
        Assert.Contains("EXTEND_TIMEOUT_USEC=60000000", said[0], StringComparison.Ordinal);
        Assert.DoesNotContain("WATCHDOG=1", said[..ready]);
        using (var http = new HttpClient()) Assert.Equal("ok\n", await http.GetStringAsync(await AddressAsync(server) + "readyz"));
        Stop(server);
        said = await HearAsync(socket, messages => messages.Any(message => message.StartsWith("STOPPING=1", StringComparison.Ordinal)));
        await server.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, server.ExitCode);
    }

    [ShimFact]
    public async Task The_watchdog_does_not_hear_from_a_process_whose_sync_does_not_come_back()
    {
        using var place = new TemporaryDirectory();
        using (var first = ServerProcess.Start(place.Data)) Assert.Equal(201, (await first.PostAsync("/wallets", "w", """{"external_id":"ann","currency":"USD"}"""))!.Value.Status);
        var name = Path.Combine(place.Root, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(name));
        // The first sync is that of the new epoch; the next is the empty group that attests it, which no answer waits for: the server becomes ready.
        using var server = Start(place.Data, ("NOTIFY_SOCKET", name), ("WATCHDOG_USEC", "200000"), ("PHOENIX_STALL_SECONDS", "1"), ("LD_PRELOAD", Shim.Path), ("FAULT", "fdatasync:2:DELAY=60000000,fdatasync:3:DELAY=60000000"));
        await HearAsync(socket, messages => messages.Contains("STATUS=a loop of the shard stands still"));
        server.Kill();
    }

    [Fact]
    public async Task Every_line_on_standard_output_is_an_event_when_JSON_is_asked_for()
    {
        using var place = new TemporaryDirectory();
        using var server = Start(place.Data, ("PHOENIX_LOG_FORMAT", "json"), ("PHOENIX_LOG_LEVEL", "debug"), ("PHOENIX_API_KEY", ""));
        var lines = new List<JsonElement>();
        while (lines.Count == 0 || lines[^1].GetProperty("event").GetString() != "Ready") lines.Add(await NextAsync(server));
        var key = (await server.StandardError.ReadLineAsync().WaitAsync(Patience))!;
        Assert.StartsWith("api-key: phx_", key, StringComparison.Ordinal);
        var address = lines[^1].GetProperty("rest").GetString()!;
        using (var http = new HttpClient { BaseAddress = new Uri(address) })
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", key["api-key: ".Length..]);
            using var wallet = await http.PostAsync("v1/wallets", new StringContent("""{"external_id":"quietly-rich","currency":"USD","metadata":{"note":"between-us"}}""", Encoding.UTF8, "application/json"));
            using var credit = await http.PostAsync("v1/credits", new StringContent("""{"wallet_id":"quietly-rich","amount":424242,"asset":"USD"}""", Encoding.UTF8, "application/json"));
            Assert.Equal((201, 201), ((int)wallet.StatusCode, (int)credit.StatusCode));
        }

        Stop(server);
        while (lines[^1].GetProperty("event").GetString() != "Stopped") lines.Add(await NextAsync(server));
        Assert.Null(await server.StandardOutput.ReadLineAsync());
        await server.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, server.ExitCode);
        var events = lines.Select(line => line.GetProperty("event").GetString()).ToArray();
        foreach (var wanted in new[] { "Starting", "JournalOpened", "Recovered", "FirstKeyMinted", "Ready", "Stopping", "Stopped" }) Assert.Contains(wanted, events);
        foreach (var line in lines) Assert.Matches(@"^PHX\d{4}$", line.GetProperty("id").GetString());
        var atInformation = string.Join('\n', lines.Where(line => line.GetProperty("level").GetString() != "debug").Select(line => line.GetRawText()));
        foreach (var secret in new[] { "quietly-rich", "between-us", "424242" }) Assert.DoesNotContain(secret, atInformation, StringComparison.Ordinal);
        Assert.DoesNotContain(key["api-key: ".Length..], string.Join('\n', lines.Select(line => line.GetRawText())), StringComparison.Ordinal);
    }

    [ShimFact]
    public async Task A_failed_sync_is_the_last_event()
    {
        using var place = new TemporaryDirectory();
        using var server = Start(place.Data, ("PHOENIX_LOG_FORMAT", "json"), ("LD_PRELOAD", Shim.Path), ("FAULT", "fdatasync:3:EIO"));
        JsonElement last = default;
        string? address = null;
        while (await server.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } text)
        {
            last = JsonDocument.Parse(text).RootElement;
            if (last.GetProperty("event").GetString() != "Ready") continue;
            address = last.GetProperty("rest").GetString();
            using var http = new HttpClient();
            await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address + "v1/wallets") { Content = new StringContent("""{"external_id":"x"}""", Encoding.UTF8, "application/json") };
                request.Headers.Authorization = new("Bearer", ServerProcess.Key);
                using var answer = await http.SendAsync(request);
                answer.EnsureSuccessStatusCode();
            });
        }

        await server.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(70, server.ExitCode);
        Assert.Equal(("PHX1013", "StorageFailed", "critical", 70), (last.GetProperty("id").GetString(), last.GetProperty("event").GetString(), last.GetProperty("level").GetString(), last.GetProperty("exit_code").GetInt32()));
    }

    private static Process Start(string data, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server"),
            ["--data", data, "--rest", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--huge-pages", "false", "--wallets-expected", "1024", "--segment-min-mib", "2", "--segment-max-mib", "2"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PHOENIX_TEST_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["PHOENIX_API_KEY"] = ServerProcess.Key;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static void Stop(Process server) => SystemCommand.Run("kill", "-TERM", $"{server.Id}");

    private static async Task<JsonElement> NextAsync(Process server) => JsonDocument.Parse((await server.StandardOutput.ReadLineAsync().WaitAsync(Patience))!).RootElement;

    private static async Task<string> AddressAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("rest: ", StringComparison.Ordinal)) return line["rest: ".Length..];
        }

        throw new EndOfStreamException();
    }

    /// <summary>Datagrams until enough was said.</summary>
    private static async Task<List<string>> HearAsync(Socket socket, Func<List<string>, bool> isEnough)
    {
        var (said, buffer) = (new List<string>(), new byte[4_096]);
        using var patience = new CancellationTokenSource(Patience);
        while (!isEnough(said)) said.Add(Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token)));
        return said;
    }
}
