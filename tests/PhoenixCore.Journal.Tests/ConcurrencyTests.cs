namespace PhoenixCore.Journal.Tests;

public class ConcurrencyTests
{
    /// <summary>Readers run beside the committer over many segment changes, with the journal's own threads at work.</summary>
    [Theory]
    [InlineData(WriterKind.Pwrite)]
    [InlineData(WriterKind.Mapped)]
    public async Task Readers_see_only_whole_durable_records_while_groups_are_committed(WriterKind writer)
    {
        using var directory = new TemporaryDirectory();
        var options = new JournalOptions { ShardId = TestJournal.Shard, SegmentBytesMin = 128 << 10, SegmentBytesMax = 512 << 10, GroupBytesMax = 64 << 10, Writer = writer };
        using var journal = Journal.Open(new PosixStorage(directory.Path), options);
        using var stop = new CancellationTokenSource();
        var scanning = Task.Factory.StartNew(() => Scan(journal, stop.Token), TaskCreationOptions.LongRunning);
        var picking = Task.Factory.StartNew(() => Pick(journal, stop.Token), TaskCreationOptions.LongRunning);
        for (var group = 0; group < 400; group++)
        {
            Assert.True(SpinWait.SpinUntil(() => journal.ReadyBytes > 64 << 10, 10_000));
            TestJournal.Commit(journal, 1 + (group * 17 % 150), 64 << 10);
        }
        await stop.CancelAsync();
        Assert.Equal(journal.LastSequence, await scanning);
        Assert.True(await picking > 0);
    }

    private static ulong Scan(Journal journal, CancellationToken stop)
    {
        using var cursor = journal.Reader.OpenCursor(1);
        var next = 1UL;
        while (true)
        {
            var stopping = stop.IsCancellationRequested;
            while (cursor.MoveNext())
                Assert.Null(TestJournal.Check(cursor.Header, cursor.Payload, next++));
            if (stopping)
                return next - 1;
        }
    }

    private static int Pick(Journal journal, CancellationToken stop)
    {
        var random = new Random(1);
        var payload = new byte[400];
        var picked = 0;
        while (!stop.IsCancellationRequested)
        {
            if (journal.LastSequence == 0)
                continue;
            var sequence = (ulong)random.NextInt64(1, (long)journal.LastSequence + 1);
            Assert.True(journal.Reader.TryRead(sequence, payload, out var header));
            Assert.Null(TestJournal.Check(header, payload.AsSpan(0, header.PayloadBytes), sequence));
            Assert.True(journal.Reader.TryFindSequenceAt(TestJournal.StampOf(sequence), out var found) && found >= sequence);
            picked++;
        }
        return picked;
    }
}
