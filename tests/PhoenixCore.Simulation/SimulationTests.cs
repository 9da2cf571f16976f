using System.Diagnostics;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.Node;
using PhoenixCore.Simulation.Runs;
using PhoenixCore.Simulation.World;
using Xunit.Abstractions;

namespace PhoenixCore.Simulation;

/// <summary>Seeds in CI's time, or all that a night has room for.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int TwiceEvery = 100;
    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";
    private static readonly ulong Seeds = IsNightly ? 100_000UL : 300UL;

    static SimulationTests() => Memory.KeepsWarm();

    [Fact]
    public void Runs_that_failed_once_hold()
    {
        foreach (var plan in KeptRuns.All) Assert.True(SimRun.Of(plan).Failure is null, Explain(SimRun.Of(plan)));
    }

    /// <summary>Also: every fault has met every state it can, every kind of command was accepted, and one seed is one trace.</summary>
    [Fact]
    public void Every_seed_holds()
    {
        var sum = new RunSum();
        var watch = Stopwatch.StartNew();
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var report = SimRun.Of(new RunPlan(seed));
            sum.Add(report);
            if (report.Failure is not null) Assert.Fail(Explain(SimRun.Of(RunShrinker.Shrink(report))));
            if (seed % TwiceEvery == 0) Assert.Equal(report.TraceHash, SimRun.Of(report.Plan).TraceHash);
        }

        output.WriteLine(sum.Describe(watch.Elapsed));
        output.WriteLine(sum.Coverage.ToString());
        Assert.DoesNotContain(Met(), pair => sum.Faults[pair.Fault, pair.State] == 0);
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.True(sum.Faults.Of(kind) > 0, $"{kind} never happened"));
        Assert.Empty(NeverAccepted(sum.Coverage));
        if (sum.Counts.Limits == 0) Assert.Equal(sum.Counts.Uncertain, sum.Counts.Settled);
    }

    /// <summary>Without the pairs, a search that finds nothing says nothing.</summary>
    private static IEnumerable<(FaultKind Fault, NodeState State)> Met()
    {
        foreach (var state in new[] { NodeState.Write, NodeState.Sync, NodeState.Segments, NodeState.SideIndex, NodeState.Recovery, NodeState.Repair }) yield return (FaultKind.PowerCutAtCall, state);
        foreach (var state in new[] { NodeState.Recovery, NodeState.Repair }) yield return (FaultKind.KillAtCall, state);
        foreach (var fault in new[] { FaultKind.PowerCut, FaultKind.Kill, FaultKind.Pause, FaultKind.Stall, FaultKind.Full, FaultKind.JumpForward, FaultKind.JumpBack, FaultKind.Freeze, FaultKind.WriteBack })
        {
            yield return (fault, NodeState.Idle);
            yield return (fault, NodeState.Sync);
        }

        foreach (var fault in new[] { FaultKind.SyncKept, FaultKind.SyncReverted, FaultKind.SyncLie }) yield return (fault, NodeState.Sync);
    }

    private static IEnumerable<string> NeverAccepted(CoverageReport coverage)
    {
        string[] kinds = ["AtomicBatch", "CommitReservation", "CreateAsset", "CreateCredit", "CreateDebit", "CreateReservation", "CreateTransfer", "CreateWallet", "KeyStatus", "ReleaseReservation"];
        return kinds.Except(coverage.AcceptedKinds);
    }

    private static string Explain(RunReport report) =>
        $"{report.Failure}\nagain: dotnet run -c Release --project tests/PhoenixCore.Simulation -- --tell --run \"{report.Plan}\"; add --keep to keep it";
}
