using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Framing;

/// <summary>The start of a segment's first 4 KiB; the rest of that page is zero. Little-endian. Written once, when the segment is prepared.</summary>
/// <remarks><code>
///     0 Magic     u64  "PHXSEGMT"
///     8 Format    u32  1
///    12 Checksum  u32  CRC32C of bytes 16..63
///    16 Shard     16B
///    32 Number    u64  1, 2, 3 ...
///    40 Bytes     i64  size the file was prepared with; a sealed one is shorter
///    48 Reserved  16B  zero
/// </code>
/// It names nothing of its content: a spare is prepared before anyone knows what will go into it.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct SegmentHeader
{
    public const int Size = 64;
    public const ulong MagicValue = 0x544D474553584850; // "PHXSEGMT" in little-endian order
    public const uint FormatValue = 1;
    private const int ChecksumFrom = 16;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public Guid Shard;
    [FieldOffset(32)] public ulong Number;
    [FieldOffset(40)] public long Bytes;

    public static void Write(byte* page, Guid shard, ulong number, long bytes)
    {
        new Span<byte>(page, Page.Size).Clear();
        var header = (SegmentHeader*)page;
        header->Magic = MagicValue;
        header->Format = FormatValue;
        header->Shard = shard;
        header->Number = number;
        header->Bytes = bytes;
        header->Checksum = Crc32C.Of(page + ChecksumFrom, Size - ChecksumFrom);
    }

    /// <summary>The shard that a readable header names; null for any other bytes.</summary>
    public static Guid? ShardOf(byte* page, int bytes)
    {
        if (bytes < Size)
            return null;
        var header = (SegmentHeader*)page;
        var readable = header->Magic == MagicValue && header->Checksum == Crc32C.Of(page + ChecksumFrom, Size - ChecksumFrom);
        return readable ? header->Shard : null;
    }

    /// <summary>Judges the first page of the file that is called segment <paramref name="number"/>.</summary>
    public static SegmentHeaderState Judge(byte* page, int bytes, Guid shard, ulong number)
    {
        if (bytes < Size)
            return SegmentHeaderState.Unreadable;
        var header = (SegmentHeader*)page;
        if (header->Magic != MagicValue || header->Checksum != Crc32C.Of(page + ChecksumFrom, Size - ChecksumFrom))
            return SegmentHeaderState.Unreadable;
        if (header->Format != FormatValue)
            return SegmentHeaderState.FormatUnknown;
        if (header->Shard != shard)
            return SegmentHeaderState.OtherShard;
        return header->Number == number ? SegmentHeaderState.Good : SegmentHeaderState.Unreadable;
    }
}
