using System.Runtime.CompilerServices;

namespace PhoenixCore.Journal.Simulation;

/// <summary>An open file of a <see cref="SimulatedStorage"/>.</summary>
internal sealed unsafe class SimulatedFile(SimulatedStorage storage, SimulatedInode inode, string name) : IJournalFile
{
    public string Name { get; } = name;

    public long Length => inode.Length;

    public int Read(long offset, byte* destination, int bytes) => storage.Call("pread", Name, () =>
    {
        var count = (int)Math.Clamp(inode.Length - offset, 0, bytes);
        if (inode.Unreadable.Count != 0 && inode.IsUnreadable(offset, count))
            throw new JournalIoException("pread", Name, offset, 5);
        inode.Read(offset, new Span<byte>(destination, count));
        return count;
    });

    public void Write(long offset, byte* source, int bytes) => storage.Call("pwrite", Name, () =>
    {
        storage.TakeSpace(Math.Max(0, offset + bytes - inode.Length));
        inode.Write(offset, new ReadOnlySpan<byte>(source, bytes));
        storage.Weather?.Written(Name, offset, new ReadOnlySpan<byte>(source, bytes));
        return 0;
    });

    public void SyncData() => storage.Call("fdatasync", Name, () => storage.Sync(inode, "fdatasync", Name));

    public void Sync() => storage.Call("fsync", Name, () => storage.Sync(inode, "fsync", Name));

    public void Reserve(long bytes) => storage.Call("posix_fallocate", Name, () =>
    {
        storage.TakeSpace(Math.Max(0, bytes - inode.Length));
        if (bytes > inode.Length)
            inode.Truncate(bytes);
        return 0;
    });

    public void Truncate(long bytes) => storage.Call("ftruncate", Name, () =>
    {
        storage.TakeSpace(bytes - inode.Length);
        inode.Truncate(bytes);
        return 0;
    });

    public void DropCache() => storage.Call("posix_fadvise", Name, () =>
    {
        inode.DropCache();
        return 0;
    });

    public IJournalMapping Map(long bytes, bool writable) => storage.Call("mmap", Name, () => new SimulatedMapping(storage, inode, Name, bytes));

    public void Dispose()
    {
        // Closing writes nothing.
    }

    private sealed class SimulatedMapping(SimulatedStorage storage, SimulatedInode inode, string name, long bytes) : IJournalMapping
    {
        private readonly byte[] _cache = inode.Cache;

        public byte* Address => (byte*)Unsafe.AsPointer(ref _cache[0]);

        public long Length { get; } = bytes;

        public void Write(long offset, byte* source, int bytes) => storage.Call("store", name, () =>
        {
            inode.Write(offset, new ReadOnlySpan<byte>(source, bytes));
            storage.Weather?.Written(name, offset, new ReadOnlySpan<byte>(source, bytes));
            return 0;
        });

        public void Sync(long offset, int bytes) => storage.Call("msync", name, () => storage.Sync(inode, "msync", name));

        public void Dispose()
        {
            // The array lives as long as someone points to it.
        }
    }
}
