using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>Flips bits in the memory of a process, as a bad bar does: no code of the process takes part.</summary>
internal static class ProcessMemory
{
    private const int PageBytes = 4_096;
    private const int EntryBytes = 8;
    private const int EntriesAtOnce = 1 << 16;

    /// <summary>In every place of anonymous memory where a number stands, at addresses that 8 divides.</summary>
    /// <param name="mask">Bits that change.</param>
    /// <returns>Places.</returns>
    public static int Flip(int process, long number, long mask)
    {
        using var memory = File.OpenHandle($"/proc/{process}/mem", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using var pages = File.OpenHandle($"/proc/{process}/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Regions(process).SelectMany(region => Present(pages, region.From, region.To)).Sum(page => Flip(memory, page, number, mask));
    }

    private static IEnumerable<(long From, long To)> Regions(int process)
    {
        foreach (var line in File.ReadAllLines($"/proc/{process}/maps"))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts is not [var range, ['r', 'w', ..], _, _, "0"]) continue; // no files: the journal on the disk is not what goes bad
            var ends = range.Split('-');
            yield return (long.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Pages that hold something: most of a ledger's address space is only reserved.</summary>
    private static IEnumerable<long> Present(SafeFileHandle pages, long from, long to)
    {
        var entries = new byte[EntriesAtOnce * EntryBytes];
        for (var page = from / PageBytes; page < to / PageBytes; page += EntriesAtOnce)
        {
            var read = RandomAccess.Read(pages, entries.AsSpan(0, (int)Math.Min(EntriesAtOnce, (to / PageBytes) - page) * EntryBytes), page * EntryBytes);
            if (!entries.AsSpan(0, read).ContainsAnyExcept((byte)0)) continue;
            for (var i = 0; i < read / EntryBytes; i++)
            {
                if (BinaryPrimitives.ReadInt64LittleEndian(entries.AsSpan(i * EntryBytes)) < 0) yield return (page + i) * PageBytes; // its highest bit: it is in memory
            }
        }
    }

    private static int Flip(SafeFileHandle memory, long page, long number, long mask)
    {
        var (bytes, word, flips) = (new byte[PageBytes], new byte[EntryBytes], 0);
        BinaryPrimitives.WriteInt64LittleEndian(word, number ^ mask);
        int read;
        try
        {
            read = RandomAccess.Read(memory, bytes, page);
        }
        catch (IOException)
        {
            return 0; // given back meanwhile
        }

        for (var i = 0; i + EntryBytes <= read; i += EntryBytes)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i)) != number) continue;
            RandomAccess.Write(memory, word, page + i);
            flips++;
        }

        return flips;
    }
}
