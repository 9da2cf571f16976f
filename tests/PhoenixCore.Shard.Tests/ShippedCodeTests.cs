using PhoenixCore.Ledger;

namespace PhoenixCore.Shard.Tests;

/// <summary>The rooms as they ship know nothing of the bugs that the simulation plants in its own copy of them.</summary>
public sealed class ShippedCodeTests
{
    [Theory]
    [InlineData(typeof(LedgerCore))]
    [InlineData(typeof(LedgerShard))]
    [InlineData(typeof(Journal.Journal))]
    [InlineData(typeof(Sequencer.BlockingWait))]
    public void What_ships_has_no_switch_for_planted_bugs(Type ofRoom) => Assert.Null(ofRoom.Assembly.GetType("PhoenixCore.Mutant"));
}
