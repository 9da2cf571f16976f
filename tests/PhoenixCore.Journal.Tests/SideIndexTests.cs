using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>Side indexes against a plain scan of the same records.</summary>
public class SideIndexTests
{
    private const int Accounts = 40;

    [Fact]
    public void Accounts_and_references_are_found_as_a_scan_finds_them()
    {
        var storage = new SimulatedStorage();
        using var journal = Written(storage);
        Check(journal);
    }

    [Fact]
    public void An_index_that_is_missing_or_damaged_is_built_again()
    {
        var storage = new SimulatedStorage();
        Written(storage).Dispose();
        var names = storage.List().Where(name => name.EndsWith(".index", StringComparison.Ordinal)).ToList();
        Assert.True(names.Count > 3);
        for (var seed = 0; seed < 300; seed++)
        {
            var copy = storage.Restart();
            var random = new Random(seed);
            foreach (var name in names)
            {
                switch (random.Next(4))
                {
                    case 0:
                        copy.Remove(name);
                        break;
                    case 1:
                        copy.SetLength(name, random.Next(copy.Raw(name).Length));
                        break;
                    case 2:
                        copy.Raw(name)[random.Next(copy.Raw(name).Length)] ^= 1;
                        break;
                    default:
                        break;
                }
            }
            using var journal = Journal.Open(copy, TestJournal.Small(), indexer: new Indexer());
            journal.RunMaintenance();
            Check(journal);
        }
    }

    [Fact]
    public void Segments_in_front_of_the_snapshot_are_read_through_their_index_or_without()
    {
        var storage = new SimulatedStorage();
        JournalPosition position;
        using (var journal = Written(storage))
            position = journal.Position;
        foreach (var indexed in new[] { true, false })
        {
            var copy = storage.Restart();
            if (!indexed)
                copy.List().Where(name => name.EndsWith(".index", StringComparison.Ordinal)).ToList().ForEach(copy.Remove);
            using var journal = Journal.Open(copy, TestJournal.Small(replayAfter: position), indexer: new Indexer());
            Assert.Equal(0, journal.Recovery.VisitedRecords);
            for (var sequence = 1UL; sequence <= position.Sequence; sequence += 5)
            {
                Assert.True(journal.Reader.TryRead(sequence, new byte[400], out var header));
                Assert.Equal(sequence, header.Sequence);
            }
            using var cursor = journal.Reader.OpenCursor(1);
            var count = 0UL;
            while (cursor.MoveNext())
                count++;
            Assert.Equal(position.Sequence, count);
        }
    }

    [Fact]
    public void A_damaged_record_of_a_sealed_segment_is_a_typed_error_with_its_place()
    {
        var storage = new SimulatedStorage();
        using var journal = Written(storage);
        var start = GroupForger.StartsIn(storage.Raw("000000000002.segment"))[0];
        var victim = journal.Reader.SealedSegments[1].FirstSequence;
        storage.Raw("000000000002.segment")[start + 160 + 36] ^= 1;
        var error = Assert.Throws<RecordDamagedException>(() => journal.Reader.TryRead(victim, new byte[400], out _));
        Assert.Equal((2UL, start + 160L, victim), (error.Segment, error.Offset, error.Sequence));
        Assert.True(journal.Reader.TryRead(victim + 1, new byte[400], out _));
        using var cursor = journal.Reader.OpenCursor(victim - 1);
        Assert.True(cursor.MoveNext());
        Assert.Throws<RecordDamagedException>(() => cursor.MoveNext());
    }

    private static void Check(Journal journal)
    {
        var reader = journal.Reader;
        var through = reader.IndexedThrough;
        Assert.True(through > journal.LastSequence / 2);
        for (var sequence = 1UL; sequence <= through; sequence += 7)
        {
            for (var account = 0UL; account < Accounts; account++)
            {
                var wanted = Sequences(1, sequence).LastOrDefault(earlier => AccountOf(earlier) == account);
                Assert.Equal(wanted != 0, reader.TryFindLastRun(account, sequence, out var run, out var looked));
                Assert.Equal(sequence, looked);
                if (wanted == 0)
                    continue;
                var (first, last) = (run.FirstEntry >> 12, run.LastEntry >> 12);
                Assert.InRange(wanted, first, last);
                Assert.Equal((BalanceAt(first), BalanceAt(last)), (run.FirstBalance, run.LastBalance));
                Assert.InRange(Sequences(first, last).Count(entry => AccountOf(entry) == account), 1, 64);
                if (last <= sequence)
                    Assert.Equal(wanted, last);
            }
        }
        var references = new List<ulong>();
        reader.FindReferences(3, through - 20, references, 1_000, out _);
        Assert.Equal(Sequences(1, through - 21).Where(sequence => sequence % 11 == 3).Reverse().Take(1_000), references);
        references.Clear();
        reader.FindReferences(3, ulong.MaxValue, references, 5, out _);
        Assert.Equal(Sequences(1, through).Where(sequence => sequence % 11 == 3).Reverse().Take(5), references);
        foreach (var from in new ulong[] { 1, 3, 4, through / 2, through })
        {
            var wanted = Sequences(from, through).FirstOrDefault(sequence => sequence % 11 == 3);
            Assert.Equal(wanted != 0, reader.TryFindReference(3, from, out var first, out _));
            Assert.Equal(wanted, first);
        }
    }

    [Fact]
    public void Of_an_account_that_only_grows_the_run_that_reaches_a_value_is_found()
    {
        using var journal = Journal.Open(new SimulatedStorage(), TestJournal.Small(), indexer: new RisingIndexer());
        for (var group = 0; group < 60; group++)
        {
            TestJournal.Commit(journal, 30);
            journal.RunMaintenance();
        }
        var through = journal.Reader.IndexedThrough;
        Assert.False(journal.Reader.TryFindRising(1, -1, out _, out _));
        for (var value = 0UL; value <= through * 10; value += 37)
        {
            var wanted = Math.Min(value / 10, through);
            Assert.Equal(wanted != 0, journal.Reader.TryFindRising(1, value, out var run, out _));
            if (wanted != 0)
                Assert.InRange(wanted, run.FirstEntry >> 12, run.LastEntry >> 12);
        }
    }

    private static IEnumerable<ulong> Sequences(ulong first, ulong last)
    {
        for (var sequence = first; sequence <= last; sequence++)
            yield return sequence;
    }

    private static ulong AccountOf(ulong sequence) => sequence * sequence % Accounts;

    private static Int128 BalanceAt(ulong sequence) => sequence % 2 == 0 ? -(Int128)sequence << 70 : sequence;

    private static Journal Written(SimulatedStorage storage)
    {
        var journal = Journal.Open(storage, TestJournal.Small(), indexer: new Indexer());
        for (var group = 0; group < 60; group++)
        {
            TestJournal.Commit(journal, 30);
            journal.RunMaintenance();
        }
        return journal;
    }

    private sealed unsafe class Indexer : IRecordIndexer
    {
        public void Index(in RecordHeader header, byte* payload, int payloadBytes, IIndexSink sink)
        {
            sink.Account(AccountOf(header.Sequence), header.Sequence << 12, BalanceAt(header.Sequence));
            sink.Reference(header.Sequence % 11);
        }

        public bool TryReadKey(in RecordHeader header, byte* payload, out UInt128 key)
        {
            key = 0;
            return false;
        }
    }

    private sealed unsafe class RisingIndexer : IRecordIndexer
    {
        public bool TryReadKey(in RecordHeader header, byte* payload, out UInt128 key)
        {
            key = 0;
            return false;
        }

        public void Index(in RecordHeader header, byte* payload, int payloadBytes, IIndexSink sink) => sink.Account(1, header.Sequence << 12, header.Sequence * 10);
    }
}
