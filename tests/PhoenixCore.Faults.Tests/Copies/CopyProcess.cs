using System.Net;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>A server that is one copy of several, and what operators ask of it.</summary>
internal sealed class CopyProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private readonly HttpClient _http;

    private CopyProcess(ServerProcess process, string directory)
    {
        (Process, Directory) = (process, directory);
        _http = process.Client(Patience);
    }

    public ServerProcess Process { get; }

    public string Directory { get; }

    /// <param name="follow">Null = it leads.</param>
    public static CopyProcess Start(string directory, Uri? follow = null, string durability = "quorum", params string[] more) =>
        StartWith(null, directory, follow, durability, more);

    /// <param name="fault">Rules of the shim.</param>
    /// <inheritdoc cref="Start"/>
    public static CopyProcess StartWith(string? fault, string directory, Uri? follow, string durability, params string[] more) =>
        new(ServerProcess.Start(directory, fault, [.. follow is null ? [] : new[] { "--follow", follow.ToString() }, "--durability", durability, .. more]), directory);

    public async Task<JsonElement> StandingAsync()
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync("replication"));
        return json.RootElement.GetProperty("data").Clone();
    }

    /// <summary>Until so many copies have a vote and none is missing.</summary>
    public Task WaitForVotersAsync(int count) => WaitAsync(standing => standing.GetProperty("voters").GetArrayLength() == count && standing.GetProperty("enough").GetBoolean(), $"{count} voters");

    public async Task WaitAsync(Func<JsonElement, bool> holds, string what)
    {
        var until = DateTime.UtcNow + Patience;
        while (!holds(await StandingAsync()))
        {
            Assert.True(DateTime.UtcNow < until, $"{what}: not within {Patience}; {await StandingAsync()}\n{Process.Said}");
            await Task.Delay(Poll);
        }
    }

    public async Task<(HttpStatusCode Status, string Body)> PromoteAsync(bool acceptSingleCopy, params Uri[] peers)
    {
        using var content = new StringContent(JsonSerializer.Serialize(new { accept_single_copy = acceptSingleCopy, peers }), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("replication/promote", content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task MustLeadAsync()
    {
        var (status, body) = await PromoteAsync(acceptSingleCopy: true);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {body}\n{Process.Said}");
    }

    /// <summary>The metric's value; 0 when there is none.</summary>
    public async Task<double> MetricAsync(string start)
    {
        var text = await _http.GetStringAsync("metrics");
        return text.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture)).Sum();
    }

    public void Dispose()
    {
        _http.Dispose();
        Process.Dispose();
    }
}
