using System.Diagnostics;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Bench.Load.Wire;

namespace PhoenixCore.Bench.Load;

/// <summary>What a second copy at <c>quorum</c> costs on the same cores and the same disk, against a server that is alone; slices by turns, in one run.</summary>
public sealed class CopyFigures(RunSettings settings, ResultTable table)
{
    private const string HotKeys = "--hot-keys 4194304";

    public async Task RunAsync()
    {
        ResultTable.Section("a leader and its follower at quorum, and a server alone, by turns");
        await using var alone = await LoadedServer.StartAsync(settings.Directory, HotKeys);
        await using var leader = await LoadedServer.StartAsync(settings.Directory, HotKeys, isCopied: true);
        var (local, quorum) = (new List<Slice>(), new List<Slice>());
        for (var i = 0; i <= settings.Repeats; i++)
        {
            foreach (var isAlone in i % 2 == 0 ? new[] { true, false } : [false, true])
            {
                var slice = await MeasureAsync(isAlone ? alone : leader);
                if (i > 0) (isAlone ? local : quorum).Add(slice); // the first of each warms
            }
        }

        Add("alone, local", local);
        Add("two copies, quorum", quorum);
        table.Add("transfers, quorum to local", Ratio(slice => slice.Rate), "ratio", 0.35);
        table.Add("processor time of a transfer, quorum to local", Ratio(slice => slice.Cpu), "ratio", 2.2, most: true);
        table.Add("bytes written for a transfer, quorum to local", Ratio(slice => slice.Bytes), "ratio", 2.2, most: true);

        double Ratio(Func<Slice, double> of) => ResultTable.Median([.. local.Zip(quorum, (one, two) => of(two) / of(one))]);
    }

    private void Add(string name, List<Slice> slices)
    {
        table.Add($"Submit, {name}: transfers", ResultTable.Median([.. slices.Select(slice => slice.Rate)]) / 1e6, "M/s");
        table.Add($"Submit, {name}: processor time of a transfer", ResultTable.Median([.. slices.Select(slice => slice.Cpu)]) * 1e6, "us");
        table.Add($"Submit, {name}: bytes written for a transfer", ResultTable.Median([.. slices.Select(slice => slice.Bytes)]), "B");
    }

    private async Task<Slice> MeasureAsync(LoadedServer server)
    {
        var processes = server.Processes;
        var (cpu, bytes, clock) = (processes.Sum(process => process.Cpu), processes.Sum(process => process.WrittenBytes), Stopwatch.StartNew());
        var rate = await server.Load.TransfersAsync(settings.Slice);
        var count = rate * clock.Elapsed.TotalSeconds;
        return new Slice(rate, (processes.Sum(process => process.Cpu) - cpu) / count, (processes.Sum(process => process.WrittenBytes) - bytes) / count);
    }

    /// <param name="Rate">Accepted transfers per second.</param>
    /// <param name="Cpu">Seconds of all processes, per transfer.</param>
    /// <param name="Bytes">Handed to the disk by all processes, per transfer.</param>
    private sealed record Slice(double Rate, double Cpu, double Bytes);
}
