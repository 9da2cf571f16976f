using System.Globalization;
using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Bench;

/// <summary>phx bench: durable transfers per second on this machine's disk, in this process; what to expect, not a record.</summary>
internal static class BenchCommand
{
    public static int Run(BenchOptions options, ToolConsole console)
    {
        if (!Directory.Exists(options.Directory)) throw new ToolException(ExitCode.NotFound, $"there is no directory {options.Directory}");
        var place = Path.Combine(Path.GetFullPath(options.Directory), "phx-bench-" + Guid.NewGuid().ToString("N"));
        var run = new BenchRun(options);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, run));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, run));
        try
        {
            var storage = new PosixStorage(place);
            var syncs = SyncControl.Measure(storage);
            var (figures, fault) = ProgressBar.Run(console, "transfers", () => run.Fraction, () => run.RunAsync(storage).GetAwaiter().GetResult());
            Write(options, figures, syncs, fault, console);
            return fault is null ? ExitCode.Ok : ExitCode.InvariantBroken;
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    /// <summary>An interrupted run still shows what it measured and removes its directory.</summary>
    private static void End(PosixSignalContext signal, BenchRun run)
    {
        signal.Cancel = true;
        run.Stop();
    }

    private static void Write(BenchOptions options, LoadFigures figures, Latencies syncs, string? fault, ToolConsole console) =>
        console.Tables().Write(Tables.OfFacts()
            .Row("disk", Path.GetFullPath(options.Directory))
            .Row("load", $"{options.Senders} senders, batches of {options.Batch} transfers, {Number(options.Wallets)} wallets, writer {options.Writer.ToString().ToLowerInvariant()}")
            .Row("transfers", $"{Number(figures.Answered)} in {figures.Seconds.ToString("F1", CultureInfo.InvariantCulture)} s, {Number(figures.Refused)} refused")
            .Row("throughput", $"{Number(figures.PerSecond)} transfers/s, each durable before its answer")
            .Row("a batch", $"p50 {Microseconds(figures.Batches, 0.50)}, p99 {Microseconds(figures.Batches, 0.99)}")
            .Row("control", $"one 4 KiB write and sync by itself: p50 {Microseconds(syncs, 0.50)}, p99 {Microseconds(syncs, 0.99)}")
            .Row("books", fault is null ? "ok" : $"THE BOOKS DO NOT HOLD: {fault}"));

    private static string Microseconds(Latencies latencies, double share) => Number(latencies.Microseconds(share)) + " µs";

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString("N0", CultureInfo.InvariantCulture);
}
