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
        foreach (var segment in reader.SealedSegments.Where(segment => segment.LastSequence <= through))
        {
            for (var account = 0UL; account < Accounts; account++)
            {
                var touching = Sequences(segment.FirstSequence, segment.LastSequence).Where(sequence => AccountOf(sequence) == account).ToList();
                Assert.Equal(touching.Count != 0, reader.TryFindAccount(segment.Number, account, out var found));
                if (touching.Count == 0)
                    continue;
                Assert.Equal(new AccountPositions(touching[0] << 12, BalanceAt(touching[0]), touching[^1] << 12, BalanceAt(touching[^1])), found);
            }
        }
        var references = new List<ulong>();
        reader.FindReferences(3, references, out _);
        Assert.Equal(Sequences(1, through).Where(sequence => sequence % 11 == 3), references);
        Assert.True(reader.TryFindLastEntry(9, ulong.MaxValue, out var entry, out var balance, out _));
        Assert.Equal(Sequences(1, through).Last(sequence => AccountOf(sequence) == 9), entry >> 12);
        Assert.Equal(BalanceAt(entry >> 12), balance);
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
}
