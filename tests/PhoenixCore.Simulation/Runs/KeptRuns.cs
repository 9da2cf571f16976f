using System.Runtime.CompilerServices;

namespace PhoenixCore.Simulation.Runs;

/// <summary>Runs that have failed once, shrunk, one a line; what they found stands behind a #.</summary>
internal static class KeptRuns
{
    public static IReadOnlyList<RunPlan> All => [.. File.ReadAllLines(Path()).Select(line => line.Split('#')[0].Trim()).Where(line => line.Length != 0).Select(RunPlan.Parse)];

    public static RunPlan Keep(RunPlan plan)
    {
        File.AppendAllText(Path(), $"{plan} # {SimRun.Of(plan).Failure?.Split('\n')[0]}\n");
        return plan;
    }

    private static string Path([CallerFilePath] string here = "") => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", "kept-runs.txt");
}
