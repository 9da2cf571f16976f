using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>The key index against what a list of all keys says, through merges, crashes and damage.</summary>
public class KeyIndexTests
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 400 : 25;

    [Fact]
    public void Every_key_is_found_and_no_other_whatever_happens_to_the_files()
    {
        var runsSeen = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var storage = new SimulatedStorage();
            var journal = Open(storage);
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(12))
                {
                    case 0:
                        journal.Dispose();
                        storage = storage.Restart();
                        Damage(storage, random);
                        journal = Open(storage);
                        break;
                    case 1:
                        storage = storage.Restart(); // killed: what was in memory is gone
                        journal = Open(storage);
                        break;
                    case 2:
                        storage = storage.Crash(CrashOutcome.EachForItself, seed);
                        journal = Open(storage);
                        break;
                    case 3:
                        Damage(storage, random); // while it is open
                        break;
                    case 4 or 5:
                        journal.RunMaintenance();
                        runsSeen = Math.Max(runsSeen, journal.Reader.KeyIndex.Runs);
                        break;
                    case 6:
                        Check(journal, random, 20, $"seed {seed}, step {step}");
                        break;
                    default:
                        Commit(journal, 1 + random.Next(60));
                        break;
                }
            }
            Check(journal, random, 300, $"seed {seed}, end");
            journal.Dispose();
        }
        Assert.True(runsSeen >= 4, $"never more than {runsSeen} runs: the script is too short to say anything");
    }

    [Fact]
    public void A_crash_at_any_call_of_writing_and_merging_runs_loses_no_key()
    {
        for (var call = 1; ; call++)
        {
            var storage = new SimulatedStorage { CrashAtCall = call, CrashAfterEffect = call % 2 == 0 };
            var ended = false;
            try
            {
                using var journal = Open(storage);
                for (var group = 0; group < 14; group++)
                {
                    TestJournal.Commit(journal, 40);
                    journal.RunMaintenance();
                }
                ended = true;
            }
            catch (SimulatedCrashException)
            {
                // What is left is looked at below.
            }
            foreach (var outcome in Enum.GetValues<CrashOutcome>())
            {
                using var after = Open(storage.Crash(outcome, call));
                Check(after, new Random(call), 12, $"call {call}, {outcome}");
                after.RunMaintenance();
                Check(after, new Random(call), 12, $"call {call}, {outcome}, after maintenance");
            }
            if (ended)
                return;
        }
    }

    [Fact]
    public void A_run_whose_rows_were_damaged_while_it_was_open_is_made_again()
    {
        var storage = new SimulatedStorage();
        using var journal = Written(storage, groups: 40);
        foreach (var name in RunsOf(storage))
            storage.Raw(name)[4096 + 40] ^= 1;
        Check(journal, new Random(1), 400, "all damaged");
        journal.RunMaintenance();
        Assert.Equal(journal.LastSequence, journal.Reader.KeyIndex.Through);
    }

    [Fact]
    public void Runs_are_merged_so_that_their_number_grows_with_the_logarithm_of_the_keys()
    {
        var storage = new SimulatedStorage();
        using var journal = Written(storage, groups: 300);
        var state = journal.Reader.KeyIndex;
        Assert.True(state.RunKeys > 64 * 64, $"only {state.RunKeys} keys are in runs");
        Assert.True(state.Runs <= 21, $"{state.Runs} runs");
        Assert.Equal(state.Runs, RunsOf(storage).Count);
        Check(journal, new Random(2), 200, "merged");
    }

    [Fact]
    public void A_restart_reads_the_journal_again_only_behind_the_last_run()
    {
        var storage = new SimulatedStorage();
        Written(storage, groups: 30).Dispose();
        using var journal = Open(storage.Restart());
        Assert.Equal(journal.LastSequence, journal.Reader.KeyIndex.Through);
        Assert.Equal(0, journal.Reader.KeyIndex.TailKeys);
    }

    [Fact]
    public void A_run_of_another_history_is_not_taken()
    {
        var (here, there) = (new SimulatedStorage(), new SimulatedStorage());
        Written(here, groups: 10).Dispose();
        Open(there).Dispose(); // one epoch more, so that the same sequences are other records
        using (var other = Journal.Open(there, Options(), indexer: new KeyIndexer { Salt = 1 }))
        {
            while (other.LastSequence < 300)
                Commit(other, 30);
            other.RunMaintenance();
        }
        foreach (var name in RunsOf(here))
            here.Remove(name);
        foreach (var name in RunsOf(there))
            here.Put(name, there.Raw(name));
        using var journal = Open(here.Restart());
        Check(journal, new Random(3), 300, "with foreign runs");
    }

    [Fact]
    public void Two_keys_that_share_their_64_bits_are_told_apart()
    {
        var indexer = new KeyIndexer { Collide = true };
        using var journal = Journal.Open(new SimulatedStorage(), Options(), indexer: indexer);
        for (var group = 0; group < 20; group++)
            Commit(journal, 30);
        journal.RunMaintenance();
        using var search = journal.Reader.OpenKeySearch(journal.LastSequence, 0);
        foreach (var sequence in new ulong[] { 1, 2, 3, 101, 249, 251 })
        {
            Assert.True(search.TryFind(indexer.KeyOf(sequence), out var found));
            Assert.Equal(sequence, found);
        }
        Assert.False(search.TryFind(indexer.KeyOf(100_000), out _));
    }

    [Fact]
    public void Keys_older_than_the_retention_are_forgotten_and_younger_ones_are_not()
    {
        // Stamps go up by 1,000 ns with every third record: 0.4 ms of ledger time are 1,200 records.
        var retention = TimeSpan.FromMicroseconds(400);
        var storage = new SimulatedStorage();
        using (var journal = Journal.Open(storage, Options(retention), indexer: new KeyIndexer()))
        {
            for (var group = 0; group < 200; group++)
            {
                TestJournal.Commit(journal, 30);
                journal.RunMaintenance();
            }
            CheckRetention(journal);
        }
        using (var journal = Journal.Open(storage.Restart(), Options(retention), indexer: new KeyIndexer()))
            CheckRetention(journal);
    }

    private static void CheckRetention(Journal journal)
    {
        var last = journal.LastSequence;
        using var search = journal.Reader.OpenKeySearch(last, 0);
        for (var sequence = last - 1_190; sequence <= last; sequence++)
            Assert.Equal(KeyIndexer.IsKeyed(sequence), search.TryFind(new KeyIndexer().KeyOf(sequence), out _));
        for (var sequence = 1UL; sequence < last - 3_000; sequence += 7)
            Assert.False(search.TryFind(new KeyIndexer().KeyOf(sequence), out _), $"{sequence} of {last} is still known");
    }

    private static JournalOptions Options(TimeSpan? retention = null)
    {
        var small = TestJournal.Small();
        return new JournalOptions
        {
            ShardId = small.ShardId,
            SegmentBytesMin = small.SegmentBytesMin,
            SegmentBytesMax = small.SegmentBytesMax,
            GroupBytesMax = small.GroupBytesMax,
            SparesAhead = 8, // so that many groups can be committed between two times of maintenance
            OwnThreads = false,
            KeysPerRun = 64,
            KeyRetention = retention,
        };
    }

    private static Journal Open(SimulatedStorage storage) => Journal.Open(storage, Options(), indexer: new KeyIndexer());

    private static void Commit(Journal journal, int records)
    {
        if (journal.ReadyBytes < 32 << 10)
            journal.RunMaintenance();
        TestJournal.Commit(journal, records);
    }

    private static Journal Written(SimulatedStorage storage, int groups)
    {
        var journal = Open(storage);
        for (var group = 0; group < groups; group++)
        {
            TestJournal.Commit(journal, 40);
            journal.RunMaintenance();
        }
        return journal;
    }

    private static List<string> RunsOf(SimulatedStorage storage) => storage.List().Where(name => name.EndsWith(".keys", StringComparison.Ordinal)).ToList();

    private static void Damage(SimulatedStorage storage, Random random)
    {
        foreach (var name in RunsOf(storage))
        {
            switch (random.Next(8))
            {
                case 0:
                    storage.Remove(name);
                    break;
                case 1:
                    storage.SetLength(name, random.Next(storage.Raw(name).Length));
                    break;
                case 2 when storage.Raw(name).Length > 0:
                    storage.Raw(name)[random.Next(storage.Raw(name).Length)] ^= 1;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Asks for keys of records all over the journal, and for keys that no record has.</summary>
    private static void Check(Journal journal, Random random, int count, string when)
    {
        var last = journal.LastSequence;
        var keys = new KeyIndexer();
        using var search = journal.Reader.OpenKeySearch(last, 0);
        Assert.True(search.Through >= last, $"{when}: the search reached {search.Through} of {last}");
        for (var i = 0; i < count && last != 0; i++)
        {
            var sequence = (ulong)random.NextInt64((long)last) + 1;
            search.Prefetch(keys.KeyOf(sequence));
            var isFound = search.TryFind(keys.KeyOf(sequence), out var found);
            Assert.True(isFound == KeyIndexer.IsKeyed(sequence) && (!isFound || found == sequence), $"{when}: key of {sequence} of {last}: found {isFound} at {found}");
            Assert.False(search.TryFind(keys.KeyOf(sequence + 1_000_000), out found), $"{when}: a key that no record has was found at {found}");
        }
    }
}
