using System.Diagnostics;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Runs;

/// <summary>Cuts a failing run down: fewer kinds of fault, then fewer commands.</summary>
internal static class RunShrinker
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(120);

    /// <summary>The smallest plan found that still fails, whatever it fails with.</summary>
    public static RunPlan Shrink(RunReport failing)
    {
        var watch = Stopwatch.StartNew();
        var plan = failing.Plan;
        bool Fails(RunPlan candidate)
        {
            if (watch.Elapsed > TimeMax || SimRun.Of(candidate).Failure is null) return false;
            plan = candidate;
            return true;
        }

        foreach (var kind in Enum.GetValues<FaultKind>()) Fails(plan with { Without = plan.Without.Append(kind).ToHashSet() });
        var (fails, holds) = ((int)failing.Counts.Commands, 0);
        while (fails - holds > 1)
        {
            var middle = (fails + holds) / 2;
            if (Fails(plan with { OperationsMax = middle })) fails = middle;
            else holds = middle;
        }

        for (var run = Math.Max(1, fails / 2); run >= 1; run /= 2)
        {
            for (var start = 0; start < fails; start += run) Fails(plan with { Skip = plan.Skip.Concat(Enumerable.Range(start, Math.Min(run, fails - start))).ToHashSet() });
        }

        return plan;
    }
}
