using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>Segments of reserved blocks: made when writing every byte twice is more than the disk can bear.</summary>
public class ReservedSegmentTests
{
    private const double MiB = 1 << 20;
    private const long Wanted = 400 << 20;

    [Fact]
    public void Zeros_are_given_up_when_less_than_a_quarter_of_the_wanted_room_is_ready()
    {
        var budget = new ZeroBudget();
        budget.Observe(200 * MiB, Wanted / 4, Wanted, 0);
        Assert.True(budget.IsAffordable);
        budget.Observe(200 * MiB, (Wanted / 4) - 1, Wanted, 0);
        Assert.False(budget.IsAffordable);
    }

    [Fact]
    public void At_a_low_rate_nothing_is_given_up()
    {
        var budget = new ZeroBudget();
        budget.Observe(ZeroBudget.LeastBytesPerSecond - 1, 0, Wanted, 0);
        Assert.True(budget.IsAffordable);
    }

    [Fact]
    public void Zeros_come_back_when_the_rate_has_fallen_or_after_a_minute_and_not_because_room_is_ready()
    {
        var budget = new ZeroBudget();
        budget.Observe(200 * MiB, 0, Wanted, 0);
        budget.Observe(151 * MiB, Wanted, Wanted, 1);
        Assert.False(budget.IsAffordable);
        budget.Observe(149 * MiB, Wanted, Wanted, 2);
        Assert.True(budget.IsAffordable);

        budget.Observe(200 * MiB, 0, Wanted, 3);
        budget.Observe(500 * MiB, Wanted, Wanted, 2 + ZeroBudget.RetryMilliseconds);
        Assert.False(budget.IsAffordable);
        budget.Observe(500 * MiB, Wanted, Wanted, 3 + ZeroBudget.RetryMilliseconds);
        Assert.True(budget.IsAffordable);
    }

    [Fact]
    public void A_reserved_segment_is_as_long_and_as_empty_as_a_written_one_and_needs_one_write()
    {
        var storage = new SimulatedStorage();
        using (var preparer = new SegmentPreparer(storage, TestJournal.Small(), 1) { WritesZeros = false })
            Make(preparer);
        Assert.Equal(1, storage.CountOf("pwrite"));
        using var file = storage.Open(FileNames.Segment(1), JournalFileMode.Read);
        Assert.Equal(32 << 10, file.Length);
    }

    [Fact]
    public void A_segment_for_a_mapping_is_written_whole_all_the_same()
    {
        var storage = new SimulatedStorage();
        using (var preparer = new SegmentPreparer(storage, TestJournal.Small(WriterKind.Mapped), 1) { WritesZeros = false })
            Make(preparer);
        Assert.Equal(2, storage.CountOf("pwrite"));
    }

    /// <summary>Real files: what is in written and in reserved blocks, and in one segment that is half of each, is found again.</summary>
    [Fact]
    public void What_was_committed_into_reserved_blocks_is_recovered()
    {
        using var directory = new TemporaryDirectory();
        var storage = new PosixStorage(directory.Path);
        var options = TestJournal.Small(spares: 4) with { SegmentBytesMin = 4 << 20, SegmentBytesMax = 4 << 20 };
        Journal.Open(storage, options).Dispose(); // the identity of the directory, and spares of zeros
        var written = Directory.GetFiles(directory.Path, "*.segment").Length;
        using (var preparer = new SegmentPreparer(storage, options, (ulong)written + 1))
        {
            preparer.WantedBytes = long.MaxValue;
            preparer.WritesZeros = false;
            Make(preparer);
            preparer.WritesZeros = true;
            Assert.True(preparer.Step() && preparer.Step() && preparer.Step());
            preparer.WritesZeros = false;
            while (preparer.ReadyBytes < 2 * (4L << 20) - (64 << 10))
                Assert.True(preparer.Step());
        }

        ulong last;
        using (var journal = Journal.Open(storage, options))
        {
            while (journal.ReadyBytes > options.GroupBytesMax)
                TestJournal.Commit(journal, 60);
            last = journal.LastSequence;
        }

        var visitor = new CheckingVisitor();
        using var again = Journal.Open(storage, options, visitor);
        Assert.Equal(last, again.LastSequence);
        Assert.Equal(last, visitor.LastSequence);
        Assert.NotEqual(0UL, BitConverter.ToUInt64(File.ReadAllBytes(Path.Combine(directory.Path, FileNames.Segment((ulong)written + 2))), Page.Size)); // the last one was reached
    }

    private static void Make(SegmentPreparer preparer)
    {
        while (preparer.ReadyBytes == 0)
            Assert.True(preparer.Step());
    }
}
