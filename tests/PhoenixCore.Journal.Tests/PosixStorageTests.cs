namespace PhoenixCore.Journal.Tests;

/// <summary>The system calls themselves: errors surface, and the file systems that refuse something are served.</summary>
public unsafe class PosixStorageTests
{
    private const int Invalid = 22;
    private const int NoSpace = 28;
    private const int NoEntry = 2;

    [Fact]
    public void A_write_that_the_device_refuses_is_an_error_with_its_number()
    {
        using var file = new PosixStorage("/dev").Open("full", JournalFileMode.ReadWrite);
        var error = Catch(() =>
        {
            var bytes = stackalloc byte[16];
            file.Write(0, bytes, 16);
        });
        Assert.Equal(("pwrite", "full", NoSpace), (error.Operation, error.File, error.Errno));
    }

    [Fact]
    public void A_sync_that_fails_is_an_error_with_its_number()
    {
        using var file = new PosixStorage("/dev").Open("null", JournalFileMode.ReadWrite);
        Assert.Equal(("fdatasync", Invalid), Told(Catch(file.SyncData)));
        Assert.Equal(("fsync", Invalid), Told(Catch(file.Sync)));
    }

    [Fact]
    public void A_missing_file_is_an_error_with_its_number()
    {
        using var directory = new TemporaryDirectory();
        var storage = new PosixStorage(directory.Path);
        Assert.Equal(("open", NoEntry), Told(Catch(() => storage.Open("absent", JournalFileMode.Read))));
        Assert.Equal(("unlink", NoEntry), Told(Catch(() => storage.Delete("absent"))));
        Assert.Equal(("rename", NoEntry), Told(Catch(() => storage.Rename("absent", "other"))));
    }

    [Fact]
    public void A_read_stops_at_the_end_of_the_file()
    {
        using var directory = new TemporaryDirectory();
        using var file = new PosixStorage(directory.Path).Open("short", JournalFileMode.Create);
        var bytes = stackalloc byte[100];
        file.Write(0, bytes, 60);
        Assert.Equal(50, file.Read(10, bytes, 100));
        Assert.Equal(60, file.Length);
    }

    [Fact]
    public void The_journal_lives_on_a_memory_file_system_too()
    {
        var path = Directory.CreateDirectory($"/dev/shm/phoenix-journal-{Environment.ProcessId}").FullName;
        try
        {
            using (var journal = Journal.Open(new PosixStorage(path), TestJournal.Small()))
                TestJournal.Commit(journal, 30);
            Assert.Equal(30UL, Journal.Inspect(new PosixStorage(path), TestJournal.Small(), new CheckingVisitor()).LastSequence);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    [Fact]
    public void Only_the_owner_can_read_the_files()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "deep", "journal");
        Journal.Open(new PosixStorage(path), TestJournal.Small()).Dispose();
        Assert.Equal("700", Mode(path));
        Assert.All(Directory.GetFiles(path), file => Assert.Equal("600", Mode(file)));
    }

    [Fact]
    public void Closing_removes_what_was_prepared_for_a_rate_that_is_over()
    {
        using var directory = new TemporaryDirectory();
        using (var journal = Journal.Open(new PosixStorage(directory.Path), TestJournal.Small(spares: 9)))
            journal.RunMaintenance();
        Assert.Equal(9, Directory.GetFiles(directory.Path, "*.segment").Length);
        Journal.Open(new PosixStorage(directory.Path), TestJournal.Small(spares: 2)).Dispose();
        Assert.Equal(2, Directory.GetFiles(directory.Path, "*.segment").Length);
        using var again = Journal.Open(new PosixStorage(directory.Path), TestJournal.Small());
        Assert.Equal(RecoveryCase.CleanEnd, again.Recovery.Case);
    }

    private static string Mode(string path) => Convert.ToString((int)(OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(path)), 8);

    private static (string, int) Told(JournalIoException error) => (error.Operation, error.Errno);

    private static JournalIoException Catch(Action action) => Assert.Throws<JournalIoException>(action);
}
