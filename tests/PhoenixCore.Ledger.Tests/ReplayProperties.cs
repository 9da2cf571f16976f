using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Model.Scripts;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Facts alone rebuild the state, and deciding leaves no trace in it.</summary>
public sealed class ReplayProperties
{
    private static readonly int Scripts = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 500 : 8;

    [Fact]
    public void Replaying_the_facts_gives_the_same_digest_and_sound_books()
    {
        for (var seed = 1UL; seed <= (ulong)Scripts; seed++)
        {
            using var comparison = new ModelComparison(hotKeys: 1 << 10, keeps: true) { StateEvery = 10 };
            Assert.Null(comparison.Run(new ScriptGenerator(seed, new ScriptShape { AdminInBatches = true, KeyPercent = 20 }).Take(1_000)));

            using var replayed = comparison.Rig.Replay();
            Assert.Equal(comparison.Rig.Ledger.Digest(), replayed.Digest());
            Assert.Equal(comparison.Rig.Ledger.Sequence, replayed.Sequence);
            Assert.Equal(comparison.Rig.Ledger.Counts with { IndexBytes = 0 }, replayed.Counts with { IndexBytes = 0 });
            Assert.Null(replayed.FindFault());
        }
    }

    [Fact]
    public void A_replayed_ledger_goes_on_as_the_first_one_does()
    {
        var script = new ScriptGenerator(77, new ScriptShape()).Take(1_200);
        using var through = new ModelComparison(keeps: true) { StateEvery = 50 };
        Assert.Null(through.Run(script.Take(800)));
        using var replayed = through.Rig.Replay(hotKeys: 1 << 16);
        var before = through.Rig.Facts.Count;
        Assert.Null(through.Run(script.Skip(800)));

        foreach (var fact in through.Rig.Facts.Skip(before)) LedgerRig.Apply(replayed, fact);
        Assert.Equal(through.Rig.Ledger.Digest(), replayed.Digest());
    }

    [Fact]
    public void Deciding_changes_nothing_whatever_the_outcome()
    {
        for (var seed = 100UL; seed < 100 + ((ulong)Scripts / 2); seed++)
        {
            using var comparison = new ModelComparison(hotKeys: 1 << 10) { StateEvery = int.MaxValue };
            comparison.Rig.ChecksDecisions = true;
            var script = new ScriptGenerator(seed, new ScriptShape { AdminInBatches = true, SpoilPercent = 3, DustOnceIn = 0, KeyPercent = 20 }).Take(700);
            Assert.Null(comparison.Run(script));
        }
    }

    [Fact]
    public void Entries_lead_from_each_account_s_last_one_back_to_its_first()
    {
        using var comparison = new ModelComparison { StateEvery = 20 };
        Assert.Null(comparison.Run(new ScriptGenerator(9, new ScriptShape()).Take(2_000)));

        var reached = comparison.Book.Accounts.Sum(account => comparison.Book.ChainLength(account.Wallet, account.Asset));
        Assert.True(reached > 1_000);
        Assert.Equal(comparison.Book.EntriesEver, reached);
    }
}
