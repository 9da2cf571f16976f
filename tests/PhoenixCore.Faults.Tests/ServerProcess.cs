using System.Diagnostics;
using System.Text;

namespace PhoenixCore.Faults.Tests;

/// <summary>The server as its users run it, on a free port of the loopback; ended by disposing.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const string Key = "key-of-the-fault-rounds";
    private const string Ready = "ready";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly HttpClient _http;

    private ServerProcess(string directory, string? fault)
    {
        string[] arguments = ["--data", directory, "--rest", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--huge-pages", "false", "--wallets-expected", "1024", "--segment-min-mib", "2", "--segment-max-mib", "2"];
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server"), arguments) { RedirectStandardOutput = true };
        start.Environment["PHOENIX_API_KEY"] = Key;
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (fault != null)
        {
            start.Environment["LD_PRELOAD"] = Shim.Path;
            start.Environment["FAULT"] = fault;
        }

        _process = Process.Start(start)!;
        var address = "";
        for (string? line; (line = _process.StandardOutput.ReadLine()) != Ready;)
        {
            Assert.True(line != null, "the server ended before it was ready");
            if (line.StartsWith("rest: ", StringComparison.Ordinal)) address = line["rest: ".Length..];
        }

        _http = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
    }

    /// <param name="fault">Rules of the shim; null = no faults.</param>
    public static ServerProcess Start(string directory, string? fault = null) => new(directory, fault);

    /// <returns>Null when no whole answer came: the server has gone.</returns>
    public async Task<(int Status, string Body)?> PostAsync(string path, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var response = await _http.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task<string> GetAsync(string path) => _http.GetStringAsync(path);

    /// <summary>kill −9.</summary>
    public void Kill() => _process.Kill();

    public int WaitEnd()
    {
        Assert.True(_process.WaitForExit(Patience), "the server does not end");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _http.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
