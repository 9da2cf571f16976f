using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model.Policies;
using PhoenixCore.Model.Scripts;
using Xunit.Abstractions;

namespace PhoenixCore.Ledger.Tests;

/// <summary>As <see cref="LedgerAgainstModelProperties"/>, under policies: rules, limits, wagering, bindings and versions that change all the time.</summary>
public sealed class PolicyModelProperties(ITestOutputHelper output)
{
    private const ulong FirstSeed = 500;
    private const int Steps = 400;
    private const int RuleOccursMin = 20; // allowed and denied, in the smallest run
    private static readonly int Scripts = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 25_000 : 40; // 10^7 or 16,000 operations

    private static readonly ScriptShape Governed = new() { PolicyPercent = 12, LongJumpOnceIn = 60, FirstStamp = 1_700_000_000_000_000_000, SpoilPercent = 3, DustOnceIn = 0, HugeAmounts = false };

    [Fact]
    public void Every_script_under_policies_is_answered_as_the_model_answers_it_and_meets_every_rule()
    {
        var coverage = new PolicyCoverage();
        for (var seed = FirstSeed; seed < FirstSeed + (ulong)Scripts; seed++)
        {
            Assert.Null(LedgerAgainstModelProperties.FailureOf(seed, Governed, stateEvery: 3, coverage, Steps));
        }

        output.WriteLine(coverage.ToString());
        var types = typeof(Rule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Rule))).Select(type => type.Name).ToList();
        Assert.Equal(12, types.Count);
        Assert.All(types, type => Assert.True(coverage.Rules.GetValueOrDefault(type) is { Allowed: >= RuleOccursMin, Denied: >= RuleOccursMin }, type));
        Assert.InRange(100 * coverage.GovernedAccepted / coverage.Governed, 20, 80);
    }
}
