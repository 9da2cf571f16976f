using PhoenixCore.Journal;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Simulation.Oracle;

/// <summary>A record as it went to the disk.</summary>
internal sealed record SurvivingFact(RecordHeader Header, RecordedFact Fact);
