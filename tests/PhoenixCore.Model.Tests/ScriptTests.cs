using PhoenixCore.Model.Scripts;
using Xunit;
using Xunit.Abstractions;

namespace PhoenixCore.Model.Tests;

public class ScriptTests(ITestOutputHelper output)
{
    private static readonly int Operations = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 200_000 : 20_000;

    /// <summary>Several scripts, each with its own try at what is rare: too many lots, too many postings.</summary>
    [Fact]
    public void Long_scripts_meet_every_result_and_accept_every_kind_and_keep_the_books_true()
    {
        const int scripts = 10;
        var coverage = new CoverageReport();
        for (var seed = 1UL; seed <= scripts; seed++)
        {
            var generator = new ScriptGenerator(seed, new ScriptShape { DustOnceIn = 200, PolicyPercent = seed % 2 == 0 ? 9 : 0 }) { Coverage = coverage };
            var ledger = new ModelLedger();
            foreach (var step in generator.Take(Operations / scripts))
            {
                ledger.Execute(step.Command, step.Stamp);
                ledger.AssertInvariants();
            }
        }

        output.WriteLine(coverage.ToString());
        var kinds = typeof(ModelCommand).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ModelCommand))).Select(type => type.Name);
        Assert.Empty(coverage.Missing);
        Assert.Empty(kinds.Except(coverage.AcceptedKinds));
        Assert.InRange(coverage.Accepted, Operations * 45 / 100, Operations * 75 / 100);
    }

    [Fact]
    public void The_same_seed_gives_the_same_script_and_another_seed_another()
    {
        static List<string> Script(ulong seed) => [.. new ScriptGenerator(seed, new ScriptShape()).Take(500).Select(step => step.ToString())];

        Assert.Equal(Script(7), Script(7));
        Assert.NotEqual(Script(7), Script(8));
    }

    [Fact]
    public void A_refused_command_changes_nothing_but_what_was_due()
    {
        static string State(ModelLedger ledger) => string.Join("\n", [
            .. ledger.Balances().Select(balance => balance + ": " + string.Join(", ", ledger.Lots(balance.Wallet, balance.Asset))),
            .. ledger.PendingReservations(), .. ledger.Wallets(), ledger.LotsEver, ledger.ReservationsEver]);

        var ledger = new ModelLedger(provisionsIso: false); // a new currency stays though the command be refused
        foreach (var step in new ScriptGenerator(seed: 17, new ScriptShape { DustOnceIn = 0, AdminInBatches = true }).Take(2_000))
        {
            ledger.Sweep(step.Stamp);
            var before = State(ledger);
            if (ledger.Execute(step.Command, step.Stamp).Result != ModelResult.Accepted) Assert.Equal(before, State(ledger));
        }
    }

    [Fact]
    public void A_script_without_some_of_its_steps_still_runs()
    {
        var script = new ScriptGenerator(seed: 3, new ScriptShape()).Take(3_000).Where((_, index) => index % 3 != 1);
        var ledger = new ModelLedger();
        foreach (var step in script)
        {
            ledger.Execute(step.Command, step.Stamp);
            ledger.AssertInvariants();
        }
    }

    [Fact]
    public void More_sweeps_change_no_answer()
    {
        var script = new ScriptGenerator(seed: 5, new ScriptShape()).Take(4_000);
        var lazy = new ModelLedger();
        var eager = new ModelLedger();
        WarmUp(lazy);
        WarmUp(eager);
        foreach (var step in script)
        {
            eager.Sweep(step.Stamp);
            Assert.Equal(lazy.Execute(step.Command, step.Stamp).Result, eager.Execute(step.Command, step.Stamp).Result);
        }
    }

    /// <summary>Makes breakage's account of every asset, whose lot would else take an ordinal earlier on the ledger that is swept more.</summary>
    private static void WarmUp(ModelLedger ledger)
    {
        ledger.Execute(new CreateWallet("warm", null, false), 0);
        foreach (var code in new[] { "PTS", "GEM", "BIG", "EUR", "USD", "GBP", "CHF", "JPY", "KWD" })
        {
            ledger.Execute(new CreateAsset(code, 2), 0);
            ledger.Execute(new CreateCredit("warm", 1, code, new(1, null)), 0);
        }

        ledger.Sweep(1);
    }

    [Fact]
    public void Shrinking_leaves_only_the_steps_that_matter()
    {
        var script = new ScriptGenerator(seed: 12, new ScriptShape()).Take(400);
        var few = ScriptShrinker.Shrink(script, steps =>
        {
            var ledger = new ModelLedger();
            return steps.Any(step => ledger.Execute(step.Command, step.Stamp) is { Result: ModelResult.Accepted } && step.Command is CommitReservation);
        });

        Assert.InRange(few.Count, 3, 6); // An asset, a wallet or the house, value, a reservation, its capture.
    }

    [Fact]
    public void Operations_over_small_state_take_well_under_a_millisecond_on_average()
    {
        var script = new ScriptGenerator(seed: 13, new ScriptShape()).Take(Operations / 2);
        var ledger = new ModelLedger();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var step in script) ledger.Execute(step.Command, step.Stamp);
        output.WriteLine($"{script.Count} operations in {clock.ElapsedMilliseconds} ms");
        Assert.InRange(clock.Elapsed.TotalMilliseconds / script.Count, 0, 0.4); // Some 0.05 on a quiet machine; the rest is for a busy one.
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Other_seeds_keep_the_books_true_too(ulong seed)
    {
        var generator = new ScriptGenerator(seed, new ScriptShape { AdminInBatches = true });
        var ledger = new ModelLedger();
        foreach (var step in generator.Take(Operations / 10))
        {
            ledger.Execute(step.Command, step.Stamp);
            ledger.AssertInvariants();
        }

        output.WriteLine(generator.Coverage.ToString());
    }
}
