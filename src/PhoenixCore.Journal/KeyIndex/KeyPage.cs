using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>4 KiB of a run's rows; little-endian.</summary>
/// <remarks><code>
///     0 Rows      254 x 16B  hash u64, sequence u64; zeros behind the last
///  4064 First     u64        of the run, so that another run's page is not taken
///  4072 Last      u64
///  4080 Number    u64        of this page in the run
///  4088 Count     u32
///  4092 Checksum  u32        CRC32C of bytes 0..4091
/// </code></remarks>
[StructLayout(LayoutKind.Explicit, Size = Page.Size)]
internal unsafe struct KeyPage
{
    public const int RowsMax = 254;
    private const int ChecksumAt = 4092;

    [FieldOffset(0)] public fixed ulong Words[RowsMax * 2];
    [FieldOffset(4064)] public ulong First;
    [FieldOffset(4072)] public ulong Last;
    [FieldOffset(4080)] public ulong Number;
    [FieldOffset(4088)] public uint Count;
    [FieldOffset(ChecksumAt)] public uint Checksum;

    public static KeyRow* Rows(KeyPage* page) => (KeyRow*)page;

    public static long PagesFor(long rows) => (rows + RowsMax - 1) / RowsMax;

    public static void Close(KeyPage* page, ulong first, ulong last, long number, int count)
    {
        new Span<KeyRow>(Rows(page) + count, RowsMax - count).Clear();
        (page->First, page->Last, page->Number, page->Count) = (first, last, (ulong)number, (uint)count);
        page->Checksum = Crc32C.Of((byte*)page, ChecksumAt);
    }

    public static bool IsWhole(KeyPage* page, ulong first, ulong last, long number) =>
        page->Checksum == Crc32C.Of((byte*)page, ChecksumAt)
        && page->First == first && page->Last == last && page->Number == (ulong)number && page->Count is > 0 and <= RowsMax;

    /// <summary>Index of the last row before another one; -1 when there is none.</summary>
    public static int LastBefore(KeyPage* page, in KeyRow row)
    {
        int low = 0, high = (int)page->Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Rows(page)[middle].IsBefore(row))
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
}
