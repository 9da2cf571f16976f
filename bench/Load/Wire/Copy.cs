using System.Net.Http.Headers;
using System.Text.Json;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>A follower of a loaded server, in its own process on a new directory.</summary>
public sealed class Copy : IDisposable
{
    /// <summary>What both are told.</summary>
    public const string Flags = "--durability quorum";
    public const string Secret = "benchmark-secret-0123456789";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _data;

    private Copy(string data, Child process) => (_data, Process) = (data, process);

    public Child Process { get; }

    /// <summary>Starts it, and waits until its acknowledgement counts.</summary>
    public static async Task<Copy> StartAsync(string directory, Uri leaderRest, Uri leaderGrpc)
    {
        var data = Path.Combine(directory, "copy-" + Guid.NewGuid().ToString("N")[..8]);
        var process = Child.Start(
            Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server.dll"),
            $"--data {data} --rest 127.0.0.1:{Child.FreePort()} --grpc 127.0.0.1:{Child.FreePort()} --follow {leaderGrpc} {Flags}",
            Child.Secrets(LoadedServer.Key, Secret));
        try
        {
            await AwaitVoteAsync(leaderRest);
            return new Copy(data, process);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static async Task AwaitVoteAsync(Uri leader)
    {
        using var http = new HttpClient { BaseAddress = leader };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LoadedServer.Key);
        for (var until = DateTime.UtcNow + Patience; await VotersAsync(http) < 2; await Task.Delay(50))
        {
            if (DateTime.UtcNow > until) throw new TimeoutException("the copy got no vote");
        }
    }

    private static async Task<int> VotersAsync(HttpClient http)
    {
        using var json = JsonDocument.Parse(await http.GetStringAsync("v1/replication"));
        return json.RootElement.GetProperty("voters").GetArrayLength();
    }
}
