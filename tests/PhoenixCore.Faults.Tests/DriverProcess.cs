using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PhoenixCore.Faults.Tests;

/// <summary>A driver in a process of its own; ended by disposing, whatever it is doing.</summary>
internal sealed class DriverProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly StringBuilder _errors = new();
    private readonly ManualResetEventSlim _opening = new();
    private readonly ManualResetEventSlim _ready = new();
    private readonly Task _reading;

    private DriverProcess(IEnumerable<string> arguments, string? fault, string? log, int snapshotKibibytes = 0)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Faults.Driver"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (snapshotKibibytes != 0) start.Environment[Driver.LoadShard.SnapshotVariable] = snapshotKibibytes.ToString(CultureInfo.InvariantCulture);
        if (fault != null || log != null) start.Environment["LD_PRELOAD"] = Shim.Path;
        if (fault != null) start.Environment["FAULT"] = fault;
        if (log != null) start.Environment["FAULT_LOG"] = log;
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, _said, watch: true), ReadAsync(_process.StandardError, _errors, watch: false));
    }

    public string Errors => _errors.ToString();

    /// <summary>Stopwatch ticks between "opening" and "ready", for a driver that was heard saying both.</summary>
    public long OpeningTicks { get; private set; }

    /// <param name="fault">Rules of the shim; null = no faults.</param>
    /// <param name="log">Where the shim writes what it saw; null = nowhere.</param>
    public static DriverProcess StartLoad(string directory, string writer, int round, int clients, int operations, string? fault = null, string? log = null, int snapshotKibibytes = 0) =>
        new(["load", directory, writer, .. new[] { TestSize.Seed, round, clients, operations }.Select(number => number.ToString(CultureInfo.InvariantCulture))], fault, log, snapshotKibibytes);

    public static DriverProcess Start(string[] arguments, string? fault = null) => new(arguments, fault, log: null);

    public bool WaitOpening() => _opening.Wait(Patience);

    public bool WaitReady() => _ready.Wait(Patience);

    /// <summary>kill −9.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for the end.</summary>
    /// <returns>Its exit code (137 when it was killed) and all it has said.</returns>
    public (int ExitCode, string Said) WaitEnd()
    {
        Assert.True(_process.WaitForExit(Patience), "the driver does not end");
        Assert.True(_reading.Wait(Patience), "the driver's lines do not end");
        return (_process.ExitCode, _said.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader from, StringBuilder into, bool watch)
    {
        var buffer = new char[1 << 16];
        var openedAt = 0L;
        for (int got; (got = await from.ReadAsync(buffer)) > 0;)
        {
            into.Append(buffer, 0, got);
            if (!watch || _ready.IsSet) continue;
            var head = into.ToString(0, Math.Min(into.Length, 32));
            if (head.Contains("opening\n", StringComparison.Ordinal) && !_opening.IsSet)
            {
                openedAt = Stopwatch.GetTimestamp();
                _opening.Set();
            }

            if (!head.Contains("ready\n", StringComparison.Ordinal)) continue;
            OpeningTicks = Stopwatch.GetTimestamp() - openedAt;
            _ready.Set();
        }
    }
}
