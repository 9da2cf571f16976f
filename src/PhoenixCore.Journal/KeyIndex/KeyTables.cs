using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Posix;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>What a run keeps in memory: the first hash of each page, and the filter. Below 12 bits per key; freed by whoever disposes it.</summary>
internal sealed unsafe class KeyTables : IDisposable
{
    public const int PieceBytes = 1 << 20;
    private const int HugePage = 2 << 20;
    private byte* _memory;

    public KeyTables(long keys)
    {
        Pages = KeyPage.PagesFor(keys);
        Lines = KeyFilter.LinesFor(keys);
        var filterAt = Page.RoundUp(Pages * sizeof(ulong));
        Bytes = filterAt + Page.RoundUp(Lines * KeyFilter.LineBytes);
        var isLarge = Bytes >= HugePage;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, isLarge ? (nuint)HugePage : Page.Size);
        // Filters are read at random: with 4 KiB pages each line would cost a walk through the page table as well. Advice only.
        if (isLarge)
            _ = Libc.Madvise(_memory, (nuint)Bytes, Libc.MadvHugePage);
        NativeMemory.Clear(_memory, (nuint)Bytes);
        FirstHashes = (ulong*)_memory;
        Filter = (ulong*)(_memory + filterAt);
    }

    ~KeyTables() => Free();

    public long Pages { get; }

    public long Lines { get; }

    public long Bytes { get; }

    public ulong* FirstHashes { get; }

    public ulong* Filter { get; }

    public byte* Memory => _memory;

    /// <summary>Bytes of the piece that begins here.</summary>
    public int PieceAt(long at) => (int)Math.Min(PieceBytes, Bytes - at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong* LineOf(ulong hash) => KeyFilter.LineOf(Filter, Lines, hash);

    public uint Checksum()
    {
        var sum = uint.MaxValue;
        for (long at = 0; at < Bytes; at += PieceBytes)
            sum = BitOperations.Crc32C(sum, Crc32C.Of(_memory + at, PieceAt(at)));
        return ~sum;
    }

    /// <summary>The last page whose first hash is at most this one; -1 when there is none.</summary>
    public long LastPageFrom(ulong hash)
    {
        long low = 0, high = Pages;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (FirstHashes[middle] <= hash)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
