using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>A server process of the benchmark; ended when disposed.</summary>
public sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>Starts it and waits for its line <c>ready</c>.</summary>
    public static Child Start(string program, string arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", $"{program} {arguments}") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("cannot start " + program);
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data != null) Console.Error.WriteLine(e.Data);
        };
        process.BeginErrorReadLine();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line == "ready") return new Child(process);
        }

        throw new InvalidOperationException($"{program} ended with {process.ExitCode} before it was ready");
    }

    /// <summary>A server's settings that stand on no command line.</summary>
    public static IReadOnlyDictionary<string, string> Secrets(string key, string? ofCopies)
    {
        var variables = new Dictionary<string, string> { ["PHOENIX_API_KEY"] = key };
        if (ofCopies != null) variables["PHOENIX_REPLICATION_SECRET"] = ofCopies;
        return variables;
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Processor seconds so far.</summary>
    public double Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Bytes that it has handed to the disk so far.</summary>
    public double WrittenBytes => double.Parse(File.ReadLines($"/proc/{_process.Id}/io").First(line => line.StartsWith("write_bytes", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        Process.Start("kill", $"-TERM {_process.Id}").WaitForExit();
        if (!_process.WaitForExit(20_000)) _process.Kill();
        _process.Dispose();
    }
}
