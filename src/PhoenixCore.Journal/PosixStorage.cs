using System.Runtime.InteropServices;
using PhoenixCore.Journal.Posix;

namespace PhoenixCore.Journal;

/// <summary>A directory of the local file system, reached by system calls alone.</summary>
public sealed class PosixStorage : IJournalStorage
{
    private const int OwnerOnly = 0x180; // 0600: the journal is money.
    private const int OwnerOnlyDirectory = 0x1C0; // 0700
    private readonly string _directory;

    /// <summary>Makes the directory if there is none.</summary>
    public PosixStorage(string directory)
    {
        _directory = Path.GetFullPath(directory);
        if (Directory.Exists(_directory))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(_directory)!);
        if (Libc.Mkdir(_directory, OwnerOnlyDirectory) != 0 && !Directory.Exists(_directory))
            throw Failure("mkdir", ".");
    }

    public string Description => _directory;

    public IDisposable Lock(string name)
    {
        var descriptor = Libc.Open(PathOf(name), Libc.ReadWrite | Libc.CreateFlag | Libc.CloseOnExec, OwnerOnly);
        if (descriptor < 0)
            throw Failure("open", name);
        // flock belongs to the open file description, so a second open in this process is refused as well.
        if (Libc.Flock(descriptor, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            _ = Libc.Close(descriptor);
            throw errno == Errno.TryAgain ? new JournalLockedException(_directory) : new JournalIoException("flock", name, 0, errno);
        }
        return new PosixLock(descriptor);
    }

    public IReadOnlyList<string> List() => Directory.EnumerateFiles(_directory).Select(path => Path.GetFileName(path)).ToList();

    public bool Exists(string name)
    {
        if (Libc.Access(PathOf(name), Libc.IsThere) == 0)
            return true;
        // Whatever else it may be, it is no sign that the file is missing.
        return Marshal.GetLastPInvokeError() == Errno.NoEntry ? false : throw Failure("access", name);
    }

    public IJournalFile Open(string name, JournalFileMode mode)
    {
        var (flags, direct) = mode switch
        {
            JournalFileMode.Read => (Libc.ReadOnly, false),
            JournalFileMode.ReadDirect => (Libc.ReadOnly, true),
            JournalFileMode.ReadWrite => (Libc.ReadWrite, false),
            JournalFileMode.ReadWriteDirect => (Libc.ReadWrite, true),
            JournalFileMode.Create => (Libc.ReadWrite | Libc.CreateFlag | Libc.TruncateFlag, false),
            JournalFileMode.CreateDirect => (Libc.ReadWrite | Libc.CreateFlag | Libc.TruncateFlag, true),
        };
        var descriptor = Libc.Open(PathOf(name), flags | Libc.CloseOnExec | (direct ? Libc.Direct : 0), OwnerOnly);
        // Some file systems refuse O_DIRECT; writes of 4 KiB multiples through the cache are the next best.
        if (descriptor < 0 && direct && Marshal.GetLastPInvokeError() == Errno.Invalid)
            descriptor = Libc.Open(PathOf(name), flags | Libc.CloseOnExec, OwnerOnly);
        if (descriptor < 0)
            throw Failure("open", name);
        return new PosixFile(name, descriptor);
    }

    public void Rename(string from, string to)
    {
        if (Libc.Rename(PathOf(from), PathOf(to)) != 0)
            throw Failure("rename", from);
    }

    public void Delete(string name)
    {
        if (Libc.Unlink(PathOf(name)) != 0)
            throw Failure("unlink", name);
    }

    public void SyncDirectory()
    {
        var descriptor = Libc.Open(_directory, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec, 0);
        if (descriptor < 0)
            throw Failure("open", ".");
        var result = Libc.Fsync(descriptor);
        var errno = Marshal.GetLastPInvokeError();
        _ = Libc.Close(descriptor);
        if (result != 0)
            throw new JournalIoException("fsync", ".", 0, errno);
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private static JournalIoException Failure(string operation, string name) =>
        new(operation, name, 0, Marshal.GetLastPInvokeError());

    private sealed class PosixLock(int descriptor) : IDisposable
    {
        private int _descriptor = descriptor;

        public void Dispose()
        {
            var held = Interlocked.Exchange(ref _descriptor, -1);
            if (held >= 0)
                _ = Libc.Close(held);
        }
    }
}
