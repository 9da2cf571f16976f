using System.Diagnostics;
using PhoenixCore.Simulation.Runs;

namespace PhoenixCore.Simulation.Mutants;

/// <summary>How long one planted bug lives.</summary>
/// <param name="Seed">The seed that found it; null = none did.</param>
/// <param name="Found">The first words of what was found.</param>
internal sealed record MutantHunt(int Runs, double Seconds, ulong? Seed, string Found)
{
    private const int WordsMax = 90;

    /// <summary>Found within ten minutes of simulation, or not found.</summary>
    public const double SecondsMax = 600;

    public static MutantHunt Of(int mutant, IEnumerable<RunPlan> plans, double secondsMax = SecondsMax)
    {
        var watch = Stopwatch.StartNew();
        var runs = 0;
        MutantSwitch.Wake(mutant);
        try
        {
            foreach (var plan in plans)
            {
                runs++;
                if (SimRun.Of(plan).Failure is { } failure) return new MutantHunt(runs, watch.Elapsed.TotalSeconds, plan.Seed, Words(failure));
                if (watch.Elapsed.TotalSeconds > secondsMax) break;
            }
        }
        finally
        {
            MutantSwitch.Wake(0);
        }

        return new MutantHunt(runs, watch.Elapsed.TotalSeconds, null, "");
    }

    /// <summary>Without the time and the event.</summary>
    private static string Words(string failure)
    {
        var line = failure.Split('\n')[0];
        var start = line.IndexOf(": ", StringComparison.Ordinal) + 2;
        return line[start..Math.Min(line.Length, start + WordsMax)].Replace('|', '/');
    }
}
