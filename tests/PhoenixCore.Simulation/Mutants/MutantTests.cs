using PhoenixCore.Simulation.Runs;

namespace PhoenixCore.Simulation.Mutants;

/// <summary>What the simulation would see. MUTANTS.md has the table; at nightly size all of it is made again.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class MutantTests
{
    private const ulong SeedsMax = 3_000;
    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    /// <summary>Those that a few seeds find.</summary>
    private static readonly int[] InCi = [1, 2, 3];

    static MutantTests() => Memory.KeepsWarm();

    public static TheoryData<int, string> Planted()
    {
        var data = new TheoryData<int, string>();
        foreach (var (number, name) in MutantSwitch.All.Where(mutant => IsNightly || InCi.Contains(mutant.Number))) data.Add(number, name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_bug_is_found(int number, string name)
    {
        var hunt = MutantHunt.Of(number, Enumerable.Range(1, (int)SeedsMax).Select(seed => new RunPlan((ulong)seed)));
        Assert.True(hunt.Seed is not null, $"{number}, {name}, lives after {hunt.Runs} runs in {hunt.Seconds:F0} s");
    }

    /// <summary>The other half of <c>ShippedCodeTests</c>: that test would see a switch, if there were one.</summary>
    [Theory]
    [InlineData(typeof(Ledger.LedgerCore))]
    [InlineData(typeof(Shard.LedgerShard))]
    [InlineData(typeof(Journal.Journal))]
    public void This_copy_has_the_switch(Type ofRoom) => Assert.NotNull(ofRoom.Assembly.GetType("PhoenixCore.Mutant"));

    [Fact]
    public void At_least_thirty_bugs_are_planted() => Assert.True(MutantSwitch.All.Count >= 30);
}
