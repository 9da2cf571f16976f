using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

public class SyncFailureTests
{
    private const int InputOutput = 5;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;

    public static TheoryData<WriterKind, string, int, int, SyncFailure?> Failures()
    {
        var data = new TheoryData<WriterKind, string, int, int, SyncFailure?>();
        foreach (var nth in new[] { 1, 2, 7, 19 })
        {
            foreach (var errno in new[] { InputOutput, NoSpace, ReadOnlyFileSystem })
            {
                data.Add(WriterKind.Pwrite, "pwrite", nth, errno, null);
                data.Add(WriterKind.Pwrite, "fdatasync", nth, errno, null);
                data.Add(WriterKind.Mapped, "msync", nth, errno, null);
            }
            foreach (var failure in new[] { SyncFailure.CacheKept, SyncFailure.CacheReverted })
            {
                data.Add(WriterKind.Pwrite, "fdatasync", nth, InputOutput, failure);
                data.Add(WriterKind.Mapped, "msync", nth, InputOutput, failure);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failed_write_or_sync_fences_the_journal_for_ever(WriterKind writer, string operation, int nth, int errno, SyncFailure? failure)
    {
        var storage = new SimulatedStorage();
        var journal = Journal.Open(storage, TestJournal.Small(writer, spares: 3));
        journal.RunMaintenance();
        storage.Fail(operation, nth, errno, failure);
        JournalIoException? error = null;
        for (var i = 0; i < 40 && error is null; i++)
            error = Record.Exception(() => TestJournal.Commit(journal, 5)) as JournalIoException;
        Assert.NotNull(error);
        Assert.Equal(operation, error.Operation);
        Assert.Equal(errno, error.Errno);
        Assert.Same(error, journal.Fence);

        var acknowledged = journal.LastSequence;
        var calls = storage.Calls;
        for (var i = 0; i < 3; i++)
            Assert.Throws<JournalIoException>(() => TestJournal.Commit(journal, 5));
        Assert.Equal(calls, storage.Calls);
        Assert.Equal(acknowledged, journal.LastSequence);
        journal.Dispose();

        var visitor = new CheckingVisitor();
        using var again = Journal.Open(storage.Crash(CrashOutcome.EachForItself, nth), TestJournal.Small(writer), visitor);
        Assert.True(visitor.LastSequence >= acknowledged);
    }

    /// <summary>Readers, and so every consumer of events, see the end move only behind the last call of the commit: a kill between write and sync would not tell, this does.</summary>
    [Theory]
    [InlineData(WriterKind.Pwrite, "fdatasync")]
    [InlineData(WriterKind.Mapped, "msync")]
    public void Readers_see_nothing_of_a_group_before_its_sync_has_returned(WriterKind writer, string sync)
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small(writer, spares: 3));
        journal.RunMaintenance();
        for (var i = 0; i < 20; i++)
        {
            var (before, calls) = (journal.LastSequence, new List<string>());
            storage.Watcher = call =>
            {
                calls.Add(call.Operation);
                Assert.Equal((before, before), (journal.LastSequence, journal.Reader.LastSequence));
                using var cursor = journal.Reader.OpenCursor(before + 1);
                Assert.False(cursor.MoveNext());
            };
            TestJournal.Commit(journal, 5);
            storage.Watcher = null;
            Assert.Contains(sync, calls);
            Assert.Equal((before + 5, before + 5), (journal.LastSequence, journal.Reader.LastSequence));
        }
    }

    [Fact]
    public void Readers_see_nothing_of_a_group_whose_sync_failed()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        TestJournal.Commit(journal, 5);
        storage.Fail("fdatasync", 1, InputOutput, SyncFailure.CacheKept);
        Assert.Throws<JournalIoException>(() => TestJournal.Commit(journal, 5));
        using var cursor = journal.Reader.OpenCursor(6);
        Assert.False(cursor.MoveNext());
        Assert.Equal(5UL, journal.Reader.LastSequence);
    }

    /// <summary>After the failed sync the cache shows the new bytes and calls them clean; only the device tells the truth.</summary>
    [Fact]
    public void A_restarted_process_reads_the_device_and_not_the_cache()
    {
        var storage = new SimulatedStorage();
        var journal = Journal.Open(storage, TestJournal.Small());
        TestJournal.Commit(journal, 5);
        storage.Fail("fdatasync", 1, InputOutput, SyncFailure.CacheKept);
        Assert.Throws<JournalIoException>(() => TestJournal.Commit(journal, 5));
        journal.Dispose();

        var visitor = new CheckingVisitor();
        using var again = Journal.Open(storage.Restart(), TestJournal.Small(), visitor);
        Assert.Equal(5UL, visitor.LastSequence);
    }

    /// <summary>The sync lies. Its group is lost with the power, but the witness or the next group tells, so nothing is cut in silence.</summary>
    [Fact]
    public void A_group_lost_by_a_lying_sync_is_noticed()
    {
        var storage = new SimulatedStorage();
        var journal = Journal.Open(storage, TestJournal.Small());
        TestJournal.Commit(journal, 5);
        storage.Fail("fdatasync", 1, InputOutput, SyncFailure.ReportedLate);
        TestJournal.Commit(journal, 5);
        Assert.Throws<JournalIoException>(() => TestJournal.Commit(journal, 5));

        var refused = Assert.Throws<JournalDamagedException>(() => Journal.Open(storage.Crash(CrashOutcome.EverythingKept, 1), TestJournal.Small()));
        Assert.Equal(6UL, refused.Sequence);
    }

    [Fact]
    public void A_read_error_during_recovery_is_an_error_with_file_and_place()
    {
        var storage = new SimulatedStorage();
        using (var journal = Journal.Open(storage, TestJournal.Small()))
            TestJournal.Commit(journal, 50);
        var broken = storage.Restart();
        broken.Fail("pread", 3, InputOutput);
        var error = Assert.Throws<JournalIoException>(() => Journal.Open(broken, TestJournal.Small()));
        Assert.Equal("pread", error.Operation);
    }

    [Fact]
    public void A_full_disk_while_preparing_only_stops_the_room_from_growing()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        journal.RunMaintenance();
        storage.FreeBytes = 10_000;
        var full = false;
        for (var i = 0; i < 100 && !full; i++)
        {
            full = Record.Exception(() => TestJournal.Commit(journal, 20)) is JournalFullException;
            journal.RunMaintenance();
        }
        Assert.True(full);
        Assert.Equal(NoSpace, journal.LastPreparationError!.Errno);
        Assert.Null(journal.Fence);
        var acknowledged = journal.LastSequence;

        storage.FreeBytes = 1 << 20;
        journal.RunMaintenance();
        Assert.Null(journal.LastPreparationError);
        Assert.True(journal.ReadyBytes > 0);
        TestJournal.Commit(journal, 20);
        Assert.True(journal.LastSequence > acknowledged);
    }

    /// <summary>Whatever the sizes, groups up to ReadyBytes always find room.</summary>
    [Fact]
    public void Ready_bytes_are_certain()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var storage = new SimulatedStorage();
            using var journal = Journal.Open(storage, TestJournal.Small(spares: 4));
            journal.RunMaintenance();
            var promised = journal.ReadyBytes;
            storage.FreeBytes = 0;
            for (long used = 0; ;)
            {
                using var group = new GroupBuffer(16 << 10);
                for (var i = random.Next(1, 90); i > 0 && TestJournal.TryAdd(group, journal.LastSequence + (ulong)group.Count + 1, journal.Epoch); i--)
                {
                }
                used += (group.Used + 160 + 4095) / 4096 * 4096;
                if (used > promised)
                    break;
                journal.Commit(group);
            }
        }
    }
}
