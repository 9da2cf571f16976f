using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Posix;

/// <summary>A file descriptor with the calls of <see cref="IJournalFile"/>; every result is checked.</summary>
internal sealed unsafe class PosixFile(string name, int descriptor) : IJournalFile
{
    private int _descriptor = descriptor;

    public string Name { get; } = name;

    public long Length
    {
        get
        {
            var length = Libc.Lseek(_descriptor, 0, Libc.SeekEnd);
            return length >= 0 ? length : throw Failure("lseek", 0);
        }
    }

    public int Read(long offset, byte* destination, int bytes)
    {
        var done = 0;
        while (done < bytes)
        {
            var got = Libc.Pread(_descriptor, destination + done, (nuint)(bytes - done), offset + done);
            if (got == 0)
                break;
            if (got < 0)
            {
                if (Marshal.GetLastPInvokeError() == Errno.Interrupted)
                    continue;
                throw Failure("pread", offset + done);
            }
            done += (int)got;
        }
        return done;
    }

    public void Write(long offset, byte* source, int bytes)
    {
        var done = 0;
        while (done < bytes)
        {
            var put = Libc.Pwrite(_descriptor, source + done, (nuint)(bytes - done), offset + done);
            if (put < 0)
            {
                if (Marshal.GetLastPInvokeError() == Errno.Interrupted)
                    continue;
                throw Failure("pwrite", offset + done);
            }
            if (put == 0)
                throw new JournalIoException("pwrite", Name, offset + done, 0);
            done += (int)put;
        }
    }

    public void SyncData()
    {
        if (Libc.Fdatasync(_descriptor) != 0)
            throw Failure("fdatasync", 0);
    }

    public void Sync()
    {
        if (Libc.Fsync(_descriptor) != 0)
            throw Failure("fsync", 0);
    }

    public void Reserve(long bytes)
    {
        int errno;
        do
            errno = Libc.PosixFallocate(_descriptor, 0, bytes);
        while (errno == Errno.Interrupted);
        // A file system without reservation still gets its blocks from the zero-writing that follows.
        if (errno != 0 && errno != Errno.NotSupported)
            throw new JournalIoException("posix_fallocate", Name, 0, errno);
    }

    public void Truncate(long bytes)
    {
        if (Libc.Ftruncate(_descriptor, bytes) != 0)
            throw Failure("ftruncate", bytes);
    }

    public void DropCache()
    {
        var errno = Libc.PosixFadvise(_descriptor, 0, 0, Libc.AdviseDontNeed);
        if (errno != 0)
            throw new JournalIoException("posix_fadvise", Name, 0, errno);
    }

    public IJournalMapping Map(long bytes, bool writable)
    {
        var protection = writable ? Libc.ProtRead | Libc.ProtWrite : Libc.ProtRead;
        var address = Libc.Mmap(null, (nuint)bytes, protection, Libc.MapShared, _descriptor, 0);
        if ((nint)address == -1)
            throw Failure("mmap", 0);
        return new PosixMapping(Name, (byte*)address, bytes, writable);
    }

    public void Dispose()
    {
        var held = Interlocked.Exchange(ref _descriptor, -1);
        if (held >= 0)
            _ = Libc.Close(held);
    }

    private JournalIoException Failure(string operation, long offset) =>
        new(operation, Name, offset, Marshal.GetLastPInvokeError());
}
