using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model.Scripts;

namespace PhoenixCore.Ledger.Tests;

/// <summary>The real ledger and the naive one, written apart from the same law, answer every command alike and hold the same books.</summary>
public sealed class LedgerAgainstModelProperties
{
    private const int Steps = 2_000;
    private static readonly TimeSpan ShrinkingMax = TimeSpan.FromSeconds(90);
    private static readonly bool Nightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";
    private static readonly int Scripts = Nightly ? 3_000 : 30; // and a third of it for each other shape: 10^7 or 10^5 operations in all

    [Fact]
    public void Every_script_is_answered_as_the_model_answers_it() => Holds(Scripts, new ScriptShape(), stateEvery: 7);

    [Fact]
    public void Every_short_script_leaves_the_model_s_books_after_every_command() => Holds(Scripts / 3, new ScriptShape { DustOnceIn = 0, AdminInBatches = true, PooledWallets = 2 }, stateEvery: 1);

    [Fact]
    public void Scripts_without_mistakes_go_deep() => Holds(Scripts / 3, new ScriptShape { SpoilPercent = 0, PlainWallets = 3, DustOnceIn = 700, FirstStamp = 1_700_000_000_000_000_000 }, stateEvery: 11);

    // Seeds are not shrunk: a smaller seed is only another script. The script is shrunk instead.
    private static void Holds(int scripts, ScriptShape shape, int stateEvery) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(scripts),
        Prop.ForAll(Arb.From(ArbMap.Default.GeneratorFor<DoNotSize<ulong>>()), seed => FailureOf(seed.Item, shape, stateEvery) is not { } failure ? true : throw new InvalidOperationException(failure)));

    /// <summary>Null, or the seed with the shortest script found that still fails.</summary>
    internal static string? FailureOf(ulong seed, ScriptShape shape, int stateEvery, PolicyCoverage? coverage = null, int steps = Steps)
    {
        var script = new ScriptGenerator(seed, shape).Take(steps);
        if (Failure(script, stateEvery, coverage) is not { } found) return null;

        IReadOnlyList<ScriptStep> cut = [.. script.Take(found.Step + 1)];
        var shrinking = Stopwatch.StartNew(); // shorter is better, but a report within minutes is best
        var shrunk = ScriptShrinker.Shrink(cut, candidate => shrinking.Elapsed < ShrinkingMax && Failure(candidate, stateEvery: 1) is not null);
        var final = Failure(shrunk, stateEvery: 1);
        return $"seed {seed}, step {found.Step}: {found.Difference}\nshrunk: {final?.Difference}\n{string.Join("\n", shrunk)}";
    }

    private static (int Step, string Difference)? Failure(IEnumerable<ScriptStep> script, int stateEvery, PolicyCoverage? coverage = null)
    {
        using var comparison = new ModelComparison { StateEvery = stateEvery, Coverage = coverage };
        return comparison.Run(script);
    }
}
