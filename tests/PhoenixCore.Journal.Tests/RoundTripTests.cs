using System.Buffers;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

public class RoundTripTests
{
    [Theory]
    [InlineData(WriterKind.Pwrite)]
    [InlineData(WriterKind.Mapped)]
    public void Records_come_back_in_order_from_real_files(WriterKind writer)
    {
        using var directory = new TemporaryDirectory();
        var options = new JournalOptions { ShardId = TestJournal.Shard, SegmentBytesMin = 128 << 10, SegmentBytesMax = 256 << 10, GroupBytesMax = 64 << 10, Writer = writer };
        using (var journal = Journal.Open(new PosixStorage(directory.Path), options))
        {
            Assert.Equal(RecoveryCase.New, journal.Recovery.Case);
            for (var group = 1; group <= 60; group++)
            {
                SpinWait.SpinUntil(() => journal.ReadyBytes > 64 << 10, 5_000);
                TestJournal.Commit(journal, group * 3, 64 << 10);
            }
        }
        var visitor = new CheckingVisitor();
        using var again = Journal.Open(new PosixStorage(directory.Path), options, visitor);
        Assert.Equal(RecoveryCase.CleanEnd, again.Recovery.Case);
        Assert.Equal(60UL * 61 * 3 / 2, visitor.LastSequence);
        Assert.Equal(visitor.LastSequence, again.LastSequence);
        Assert.Equal(2UL, again.Epoch);
    }

    [Theory]
    [InlineData(WriterKind.Pwrite)]
    [InlineData(WriterKind.Mapped)]
    public void Every_record_can_be_read_by_its_sequence_while_the_journal_grows(WriterKind writer)
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small(writer));
        for (var group = 0; group < 40; group++)
        {
            TestJournal.Commit(journal, 1 + (group * 7 % 60));
            journal.RunMaintenance();
        }
        var payload = new ArrayBufferWriter<byte>();
        for (var sequence = 1UL; sequence <= journal.LastSequence; sequence++)
        {
            payload.Clear();
            Assert.True(journal.Reader.TryRead(sequence, payload, out var header));
            Assert.Null(TestJournal.Check(header, payload.WrittenSpan, sequence));
        }
        Assert.False(journal.Reader.TryRead(journal.LastSequence + 1, payload, out _));
        Assert.False(journal.Reader.TryRead(0, payload, out _));
        Assert.True(journal.Reader.SealedSegments.Count > 3);
    }

    [Fact]
    public void A_cursor_sees_every_durable_record_from_any_start_and_goes_on_when_more_come()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        for (var group = 0; group < 20; group++)
        {
            TestJournal.Commit(journal, 25);
            journal.RunMaintenance();
        }
        for (var from = 1UL; from <= journal.LastSequence; from += 13)
        {
            using var cursor = journal.Reader.OpenCursor(from);
            var next = from;
            while (cursor.MoveNext())
                Assert.Null(TestJournal.Check(cursor.Header, cursor.Payload, next++));
            Assert.Equal(journal.LastSequence + 1, next);
            if (from == 1)
            {
                TestJournal.Commit(journal, 5);
                journal.RunMaintenance();
                for (var i = 0; i < 5; i++)
                    Assert.True(cursor.MoveNext());
                Assert.Equal(journal.LastSequence, cursor.Header.Sequence);
            }
        }
    }

    [Fact]
    public void A_cursor_that_met_an_unreadable_segment_goes_on_where_it_was_once_that_can_be_read()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        for (var group = 0; group < 20; group++)
        {
            TestJournal.Commit(journal, 25);
            journal.RunMaintenance();
        }
        var second = storage.Names.Where(name => name.EndsWith(".segment", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ElementAt(1);
        var header = storage.Raw(second).Slice(Page.Size, GroupHeader.Size).ToArray();
        storage.Damage(second, Page.Size, new byte[GroupHeader.Size]);
        using var cursor = journal.Reader.OpenCursor(1);
        var next = 1UL;
        Assert.Throws<RecordDamagedException>(() =>
        {
            while (cursor.MoveNext())
                next++;
        });
        Assert.InRange(next, 2UL, journal.LastSequence);
        Assert.Throws<RecordDamagedException>(() => cursor.MoveNext());
        storage.Damage(second, Page.Size, header);
        while (cursor.MoveNext())
            Assert.Null(TestJournal.Check(cursor.Header, cursor.Payload, next++));
        Assert.Equal(journal.LastSequence + 1, next);
    }

    [Fact]
    public void A_time_finds_the_last_record_stamped_at_or_before_it()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        for (var group = 0; group < 12; group++)
        {
            TestJournal.Commit(journal, 40);
            journal.RunMaintenance();
        }
        for (var sequence = 1UL; sequence <= journal.LastSequence; sequence += 7)
        {
            var stamp = TestJournal.StampOf(sequence);
            var last = sequence;
            while (last < journal.LastSequence && TestJournal.StampOf(last + 1) == stamp)
                last++;
            Assert.True(journal.Reader.TryFindSequenceAt(stamp, out var found));
            Assert.Equal(last, found);
        }
        Assert.False(journal.Reader.TryFindSequenceAt(TestJournal.StampOf(1) - 1, out _));
        Assert.True(journal.Reader.TryFindSequenceAt(long.MaxValue, out var end));
        Assert.Equal(journal.LastSequence, end);
    }

    [Fact]
    public void Replay_from_a_position_visits_only_what_comes_after_it()
    {
        var storage = new SimulatedStorage();
        var positions = new List<JournalPosition>();
        using (var journal = Journal.Open(storage, TestJournal.Small()))
        {
            for (var group = 0; group < 30; group++)
            {
                TestJournal.Commit(journal, 20);
                journal.RunMaintenance();
                positions.Add(journal.Position);
            }
        }
        foreach (var position in positions)
        {
            var visitor = new CheckingVisitor(position.Sequence);
            var report = Journal.Inspect(storage.Copy(), TestJournal.Small(replayAfter: position), visitor);
            Assert.Equal(600UL, visitor.LastSequence);
            Assert.Equal(600UL, report.LastSequence);
        }
    }

    [Fact]
    public void Later_segments_are_larger_up_to_the_maximum()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        for (var group = 0; group < 30; group++)
        {
            TestJournal.Commit(journal, 60);
            journal.RunMaintenance();
        }
        Assert.True(journal.Reader.SealedSegments[0].Bytes <= 32 << 10);
        Assert.Contains(journal.Reader.SealedSegments, segment => segment.Bytes > 32 << 10);
        Assert.All(journal.Reader.SealedSegments, segment => Assert.True(segment.Bytes <= 64 << 10));
    }
}
