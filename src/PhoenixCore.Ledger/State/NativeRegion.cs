using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.State;

/// <summary>A range of address space that becomes memory where it is touched, so that tables grow in place and never move.</summary>
/// <remarks>Linux only. Untouched parts cost nothing; fresh memory reads as zero. Not thread-safe: the shard's one writer owns it.</remarks>
public sealed unsafe class NativeRegion : IDisposable
{
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int AdviseHugePages = 14;
    private const int AdviseDontDump = 16;
    private const long HugePage = 2 << 20;

    [ThreadStatic]
    private static IAddressSpace? _source;

    private readonly IAddressSpace? _takenFrom = _source;
    private readonly nint _mapped;
    private readonly long _bytes;

    /// <param name="bytes">Address space to reserve; a multiple of 2 MiB is made of it.</param>
    /// <param name="hugePages">2 MiB pages where the kernel has them: fewer misses, at least 2 MiB used per region.</param>
    /// <exception cref="OutOfMemoryException">The kernel refuses the reservation (strict overcommit).</exception>
    public NativeRegion(long bytes, bool hugePages)
    {
        _bytes = (bytes + (2 * HugePage) - 1) / HugePage * HugePage;
        if (_takenFrom is not null)
        {
            Base = (byte*)_takenFrom.Take(bytes);
            return;
        }

        _mapped = mmap(0, (nuint)_bytes, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0);
        if (_mapped == -1) throw new OutOfMemoryException($"cannot reserve {_bytes} bytes of address space (errno {Marshal.GetLastPInvokeError()})");

        Base = (byte*)((_mapped + HugePage - 1) / HugePage * HugePage);
        if (hugePages) _ = madvise((nint)Base, (nuint)(_bytes - HugePage), AdviseHugePages);
        _ = madvise((nint)Base, (nuint)(_bytes - HugePage), AdviseDontDump); // balances do not belong in core files
    }

    /// <summary>2 MiB-aligned; with a <see cref="Source"/> it begins a page.</summary>
    public byte* Base { get; private set; }

    /// <summary>Where this thread's regions come from; null = from the kernel. The simulation opens ledgers by the thousand, and would map and unmap most of its time.</summary>
    internal static IAddressSpace? Source
    {
        get => _source;
        set => _source = value;
    }

    public void Dispose()
    {
        if (Base == null) return;
        if (_takenFrom is not null) _takenFrom.GiveBack();
        else _ = munmap(_mapped, (nuint)_bytes);
        Base = null;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint mmap(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(nint address, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern int madvise(nint address, nuint length, int advice);
}
