using System.Globalization;
using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Runs;

/// <summary>Adds up what runs did.</summary>
internal sealed class RunSum
{
    public RunCounts Counts { get; private set; } = new();

    public FaultTable Faults { get; } = new();

    public CoverageReport Coverage { get; } = new();

    public long Failed { get; private set; }

    public void Add(RunReport report)
    {
        Counts += report.Counts;
        Faults.Add(report.Faults);
        Coverage.Add(report.Coverage);
        if (report.Failure is not null) Failed++;
    }

    public string Describe(TimeSpan took) => string.Create(CultureInfo.InvariantCulture,
        $"""
        {Counts.Runs} runs, {Failed} failed, in {took.TotalSeconds:F1} s and {Environment.CpuUsage.TotalTime.TotalSeconds:F1} s of one core ({Counts.Events / Environment.CpuUsage.TotalTime.TotalSeconds:N0} events a second of it)
        {Counts.Events:N0} events, {Counts.VirtualSeconds:N0} virtual seconds, {Counts.Commands:N0} commands, {Counts.Answers:N0} answers, {Counts.Facts:N0} facts
        {Counts.Crashes:N0} crashes, {Counts.Starts:N0} starts ({Counts.SnapshotsUsed:N0} from a snapshot), {Counts.Syncs:N0} syncs, {Counts.SyncFailures:N0} of them failed, {Counts.Repairs:N0} repairs, {Counts.Limits:N0} limits met
        {Counts.Uncertain:N0} uncertain commands, {Counts.Settled:N0} settled by key
        {Faults}
        """);
}
