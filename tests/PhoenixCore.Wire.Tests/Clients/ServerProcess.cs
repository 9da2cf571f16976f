using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PhoenixCore.Wire.Tests.Clients;

/// <summary>The server as its users run it: a process of its own that can be killed and started again on the same directory and ports.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public const string Key = "a-key-of-the-client-tests";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _directory = Directory.CreateTempSubdirectory("phoenix-client-").FullName;
    private Process? _process;

    public Uri Rest { get; } = new($"http://127.0.0.1:{FreePort()}/");

    public Uri Grpc { get; } = new($"http://127.0.0.1:{FreePort()}/");

    public static async Task<ServerProcess> StartAsync()
    {
        var server = new ServerProcess();
        await server.RunAsync();
        return server;
    }

    /// <summary>As a power cut would, for the process.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Returns when it answers.</summary>
    public async Task RunAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server.dll") },
            RedirectStandardOutput = true,
        };
        var arguments = $"--data {_directory} --rest {Rest.Authority} --grpc {Grpc.Authority} --wallets-expected 1024 --hot-keys 1024 --huge-pages false --segment-min-mib 2 --segment-max-mib 4 --webhook-private-targets true";
        foreach (var argument in arguments.Split(' ')) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PHOENIX_TEST_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name); // the server refuses variables that are not its own
        start.Environment["PHOENIX_API_KEY"] = Key;
        _process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line == "ready") return;
        }

        throw new InvalidOperationException("the server ended before it was ready");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process != null) await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
