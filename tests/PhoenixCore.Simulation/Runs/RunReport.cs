using PhoenixCore.Model.Scripts;
using PhoenixCore.Simulation.World;

namespace PhoenixCore.Simulation.Runs;

/// <summary>What one run did.</summary>
/// <param name="Failure">Null = everything held.</param>
internal sealed record RunReport(RunPlan Plan, string? Failure, ulong TraceHash, RunCounts Counts, FaultTable Faults, CoverageReport Coverage);
