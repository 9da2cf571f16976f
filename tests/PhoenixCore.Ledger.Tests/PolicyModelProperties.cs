using System.Globalization;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model.Policies;
using PhoenixCore.Model.Scripts;
using Xunit.Abstractions;

namespace PhoenixCore.Ledger.Tests;

/// <summary>As <see cref="LedgerAgainstModelProperties"/>, under policies: rules, limits, wagering, bindings and versions that change all the time.</summary>
/// <remarks>Other scripts in every run. A failure names the seed of its script; <c>PHOENIX_MODEL_SEED</c> with that number runs this script alone.</remarks>
public sealed class PolicyModelProperties(ITestOutputHelper output)
{
    private const int Steps = 400;
    private const int RuleOccursMin = 100; // allowed and denied, in the smallest run
    private const int ThingOccursMin = 20;
    private static readonly int Scripts = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 25_000 : 250; // 10^7 or 10^5 operations
    private static readonly string? OneSeed = Environment.GetEnvironmentVariable("PHOENIX_MODEL_SEED");

    /// <summary>The shape of these scripts.</summary>
    public static ScriptShape Governed { get; } = new() { PolicyPercent = 12, LongJumpOnceIn = 60, FirstStamp = 1_700_000_000_000_000_000, SpoilPercent = 3, DustOnceIn = 0, HugeAmounts = false };

    [Fact]
    public void Every_script_under_policies_is_answered_as_the_model_answers_it_and_meets_every_rule()
    {
        var coverage = new PolicyCoverage();
        foreach (var seed in Seeds())
        {
            if (LedgerAgainstModelProperties.FailureOf(seed, Governed, stateEvery: 3, coverage, Steps) is { } failure) Assert.Fail(failure); // not Assert.Null: it would cut the script off
        }

        output.WriteLine(coverage.ToString());
        if (OneSeed is not null) return;
        var types = typeof(Rule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Rule))).Select(type => type.Name).ToList();
        Assert.Equal(12, types.Count);
        Assert.All(types, type => Assert.True(coverage.Rules.GetValueOrDefault(type) is { Allowed: >= RuleOccursMin, Denied: >= RuleOccursMin }, type));
        Assert.InRange(100 * coverage.GovernedAccepted / coverage.Governed, 20, 80);
        Assert.Equal(9, coverage.Reached.Count());
        Assert.All(coverage.Reached, reached => Assert.True(reached.Count >= ThingOccursMin, $"{reached}"));
    }

    private IEnumerable<ulong> Seeds()
    {
        if (OneSeed is not null) return [ulong.Parse(OneSeed, CultureInfo.InvariantCulture)];
        var first = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seeds {first} to {first + (ulong)Scripts - 1}");
        return Enumerable.Range(0, Scripts).Select(index => first + (ulong)index);
    }
}
