using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Simulation;

/// <summary>Address space for the ledgers of one run, given back to the kernel all at once when the run is over.</summary>
internal sealed unsafe partial class RunMemory : IAddressSpace
{
    private const long BytesMax = 256L << 30;
    private const int PageBytes = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int DontNeed = 4;
    private static readonly ConcurrentBag<RunMemory> Idle = [];

    private readonly nint _base = Map(0, BytesMax, ReadWrite, PrivateAnonymousNoReserve, -1, 0);
    private long _used;
    private int _live;

    /// <summary>From now on this thread's ledgers take from it.</summary>
    public static RunMemory Enter()
    {
        if (!Idle.TryTake(out var memory)) memory = new RunMemory();
        NativeRegion.Source = memory;
        return memory;
    }

    /// <summary>The run is over. What has not been given back is in use somewhere: then it is never used again.</summary>
    public void Leave()
    {
        NativeRegion.Source = null;
        if (_live != 0 || Advise(_base, _used, DontNeed) != 0) return;
        _used = 0;
        Idle.Add(this);
    }

    public nint Take(long bytes)
    {
        var at = _used;
        if (_base == -1 || (_used += (bytes + PageBytes - 1) / PageBytes * PageBytes) > BytesMax) throw new OutOfMemoryException("a run has used up its address space");
        _live++;
        return (nint)(_base + at);
    }

    public void GiveBack() => _live--;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, long length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, long length, int advice);
}
