using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Bench.Load.Wire;

namespace PhoenixCore.Bench.Load;

/// <summary>What new keys cost once memory has forgotten older ones: two servers side by side, one that forgets nothing and one that keeps a million keys.</summary>
public sealed class ColdKeyFigures(RunSettings settings, ResultTable table)
{
    private const int Few = 1 << 20;
    private const int Many = 1 << 26;

    public async Task RunAsync()
    {
        await using var all = await LoadedServer.StartAsync(settings.Directory, $"--hot-keys {Many}");
        await using var few = await LoadedServer.StartAsync(settings.Directory, $"--hot-keys {Few}");
        ResultTable.Section("batched gRPC with all keys in memory, and with a million of many more (alternated)");
        foreach (var server in new[] { all, few })
        {
            await server.Load.TransfersAsync(3 + settings.Slice); // more than a million keys
            await server.Load.BettingPairsAsync(settings.Slice);
        }

        var (transfers, pairs) = (new List<(double All, double Few)>(), new List<(double All, double Few)>());
        for (var i = 0; i < settings.Repeats; i++)
        {
            transfers.Add((await all.Load.TransfersAsync(settings.Slice), await few.Load.TransfersAsync(settings.Slice)));
            pairs.Add((await all.Load.BettingPairsAsync(settings.Slice), await few.Load.BettingPairsAsync(settings.Slice)));
        }

        Tell("transfers", transfers);
        Tell("betting pairs", pairs);
    }

    private void Tell(string what, List<(double All, double Few)> slices)
    {
        table.Add($"Submit: {what}, all keys in memory", ResultTable.Median([.. slices.Select(slice => slice.All)]) / 1e6, "M/s");
        table.Add($"Submit: {what}, a million keys in memory", ResultTable.Median([.. slices.Select(slice => slice.Few)]) / 1e6, "M/s");
        table.Add($"Submit: {what}, ratio", ResultTable.Median([.. slices.Select(slice => slice.Few / slice.All)]), "ratio", 0.8);
    }
}
