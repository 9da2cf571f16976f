using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

public class OpeningTests
{
    [Fact]
    public void A_second_opening_of_the_same_directory_is_refused()
    {
        using var directory = new TemporaryDirectory();
        using (Journal.Open(new PosixStorage(directory.Path), TestJournal.Small()))
        {
            Assert.Throws<JournalLockedException>(() => Journal.Open(new PosixStorage(directory.Path), TestJournal.Small()));
            Assert.Throws<JournalLockedException>(() => Journal.Inspect(new PosixStorage(directory.Path), TestJournal.Small()));
        }
        Journal.Open(new PosixStorage(directory.Path), TestJournal.Small()).Dispose();
    }

    [Fact]
    public void A_failed_opening_gives_the_directory_back()
    {
        var storage = new SimulatedStorage();
        Journal.Open(storage, TestJournal.Small()).Dispose();
        Assert.Throws<JournalDamagedException>(() => Journal.Open(storage, TestJournal.Small(shard: Guid.NewGuid())));
        Journal.Open(storage, TestJournal.Small()).Dispose();
    }

    [Fact]
    public void A_visitor_that_throws_ends_the_opening_with_its_exception()
    {
        using var directory = new TemporaryDirectory();
        var options = new JournalOptions { ShardId = TestJournal.Shard };
        using (var journal = Journal.Open(new PosixStorage(directory.Path), options))
            TestJournal.Commit(journal, 20);
        Assert.Throws<NotFiniteNumberException>(() => Journal.Open(new PosixStorage(directory.Path), options, new Thrower()));
        Journal.Open(new PosixStorage(directory.Path), options).Dispose();
    }

    [Fact]
    public void An_idle_journal_attests_its_last_group_once()
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small());
        TestJournal.Commit(journal, 1);
        var syncs = storage.CountOf("fdatasync");
        journal.SealIfIdle(1_000);
        journal.SealIfIdle(1_049);
        Assert.Equal(syncs, storage.CountOf("fdatasync"));
        journal.SealIfIdle(1_050);
        Assert.Equal(syncs + 1, storage.CountOf("fdatasync"));
        journal.SealIfIdle(5_000);
        journal.SealIfIdle(9_000);
        Assert.Equal(syncs + 1, storage.CountOf("fdatasync"));
    }

    /// <summary>On this runtime the base library's flush returns normally when fsync fails, so nothing here may go through it.</summary>
    [Fact]
    public void No_source_of_the_engine_syncs_through_the_base_library()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "PhoenixCore.sln")))
            root = Path.GetDirectoryName(root)!;
        var files = Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var code = File.ReadAllLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));
            Assert.DoesNotContain(code, line => line.Contains("Flush(true)", StringComparison.Ordinal) || line.Contains("FlushToDisk", StringComparison.Ordinal));
        }
    }

    private sealed unsafe class Thrower : IRecordVisitor
    {
        public void VisitRun(byte* records, int bytes, int count) => throw new NotFiniteNumberException();
    }
}
