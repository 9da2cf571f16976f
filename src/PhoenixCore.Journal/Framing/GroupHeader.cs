using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Framing;

/// <summary>The 160 bytes in front of a group's records; little-endian. A group begins on a 4 KiB boundary and is padded with zeros to the next,
/// so that no durable page is ever written again.</summary>
/// <remarks><code>
///     0 Magic         u64  "PHXGROUP"
///     8 Format        u32  1
///    12 Checksum      u32  CRC32C of bytes 16..159
///    16 Shard         16B  the shard's id
///    32 Segment       u64  number of the segment that holds this group ...
///    40 Offset        i64  ... and where in it: catches misdirected writes and recycled blocks
///    48 Group         u64  this group's number: 1, 2, 3 ... over the whole journal, empty groups included
///    56 Epoch         u64  of the writer of this frame
///    64 FirstSequence u64  of the first record; in an empty group, of the next one to come
///    72 StampedAt     i64  ledger time of the last record up to the end of this group, Unix nanoseconds
///    80 DurableGroup  u64  watermark: the last group known durable when this one was composed ...
///    88 DurableSeq    u64  ... and the last sequence
///    96 Bytes         u32  of records, header and padding not counted
///   100 Count         u32  of records
///   104 Checksums     u32  CRC32C over the records' own checksums, in order
///   108 Reserved      u32  zero
///   112 ChainAfter    16B  the record chain's value after the last record
///   128 Reserved      16B  zero
///   144 ChainBefore   16B  the value before the first record; last, so that a run's hash covers one piece of memory
/// </code>
/// The header lies in one 512-byte sector, so it is on disk whole or not at all. There is no checksum over the records as a whole: each record
/// has its own, and ChainAfter covers all of them.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct GroupHeader
{
    public const int Size = 160;
    public const ulong MagicValue = 0x50554F5247584850; // "PHXGROUP" in little-endian order
    public const uint FormatValue = 1;
    public const int ChecksumFrom = 16;

    /// <summary>Largest group of the format; bounds what one torn write can leave behind.</summary>
    public const int GroupBytesLimit = 2 << 20;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public Guid Shard;
    [FieldOffset(32)] public ulong Segment;
    [FieldOffset(40)] public long Offset;
    [FieldOffset(48)] public ulong Group;
    [FieldOffset(56)] public ulong Epoch;
    [FieldOffset(64)] public ulong FirstSequence;
    [FieldOffset(72)] public long StampedAt;
    [FieldOffset(80)] public ulong DurableGroup;
    [FieldOffset(88)] public ulong DurableSequence;
    [FieldOffset(96)] public uint Bytes;
    [FieldOffset(100)] public uint Count;
    [FieldOffset(104)] public uint RecordChecksums;
    [FieldOffset(112)] public ChainValue ChainAfter;
    [FieldOffset(144)] public ChainValue ChainBefore;

    /// <summary>Bytes the group takes in its segment.</summary>
    public readonly int FramedBytes => Framed((int)Bytes);

    public readonly ulong LastSequence => FirstSequence + Count - 1;

    public static int Framed(int recordBytes) => (Size + recordBytes + Page.Mask) & ~Page.Mask;

    /// <summary>Sets the three fields that make the header readable; everything else is filled in before.</summary>
    public static void Finish(GroupHeader* header)
    {
        header->Magic = MagicValue;
        header->Format = FormatValue;
        header->Checksum = Crc32C.Of((byte*)header + ChecksumFrom, Size - ChecksumFrom);
    }

    /// <summary>Whether a group's header of this shard stands here, written for exactly this place.</summary>
    public static bool StandsAt(GroupHeader* header, Guid shard, ulong segment, long offset) =>
        header->Magic == MagicValue
        && header->Format == FormatValue
        && header->Checksum == Crc32C.Of((byte*)header + ChecksumFrom, Size - ChecksumFrom)
        && header->Shard == shard
        && header->Segment == segment
        && header->Offset == offset
        && header->Bytes <= GroupBytesLimit - Size
        && header->Group != 0
        && header->FirstSequence != 0;
}
