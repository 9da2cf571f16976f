namespace PhoenixCore.Journal.Tests;

public class AllocationTests
{
    [Theory]
    [InlineData(WriterKind.Pwrite)]
    [InlineData(WriterKind.Mapped)]
    public void A_commit_allocates_nothing_even_when_it_changes_segments(WriterKind writer)
    {
        using var directory = new TemporaryDirectory();
        var options = new JournalOptions
        {
            ShardId = TestJournal.Shard,
            SegmentBytesMin = 256 << 10,
            SegmentBytesMax = 256 << 10,
            GroupBytesMax = 64 << 10,
            SparesAhead = 6,
            Writer = writer,
            OwnThreads = false,
        };
        using var journal = Journal.Open(new PosixStorage(directory.Path), options);
        journal.RunMaintenance();
        using var group = new GroupBuffer(64 << 10);
        Commit(journal, group);
        Commit(journal, group);

        // A collection that other tests cause moves this thread's count by up to one allocation window, so the best of several rounds counts;
        // each round changes segments and seals, and what a commit itself allocated would show in all of them.
        var fewest = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 5; i++)
                Commit(journal, group);
            journal.SealIfIdle(round * 10_000);
            journal.SealIfIdle((round * 10_000) + 1_000);
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
            journal.RunMaintenance();
        }
        Assert.Equal(0, fewest);
        Assert.True(journal.Reader.SealedSegments.Count >= 3);
    }

    private static void Commit(Journal journal, GroupBuffer group)
    {
        group.Clear();
        for (var sequence = journal.LastSequence + 1; group.Remaining > 1_000; sequence++)
            AddPlain(group, sequence, journal.Epoch);
        journal.Commit(group);
    }

    private static unsafe void AddPlain(GroupBuffer group, ulong sequence, ulong epoch)
    {
        var header = (RecordHeader*)group.Tail;
        *header = new RecordHeader { Length = 232, Sequence = sequence, Epoch = epoch, StampedAt = 1, Kind = 3, Layout = 1, Tenant = 1 };
        new Span<byte>(group.Tail + RecordHeader.Size, 232 - RecordHeader.Size).Fill(unchecked((byte)sequence));
        group.Advance(232, sequence);
    }
}
