using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>The first 4 KiB of a side-index file; little-endian, zeros behind.</summary>
/// <remarks><code>
///     0 Magic          u64  "PHXINDEX"
///     8 Format         u32  2
///    12 Checksum       u32  CRC32C of bytes 16..4095
///    16 Shard          16B
///    32 Segment        u64
///    40 ValidEnd       i64  of the segment, so that an index of another state of it is not taken
///    48 FirstSequence  u64
///    56 LastSequence   u64
///    64 FirstStampedAt i64
///    72 LastStampedAt  i64
///    80 Sections       3 x 24B: offset i64, count i64, CRC32C u32, zero u32
/// </code>
/// Sections, in this order: marks, accounts, references. Each begins on an 8-byte boundary. Everything here can be made
/// again from the segment; a file that is missing, damaged or of another format is.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct IndexHeader
{
    public const int Size = 80 + (SectionCount * IndexSection.Size);
    public const int SectionCount = 3;
    public const int SectionsFrom = 80;
    public const int ChecksumFrom = 16;
    public const ulong MagicValue = 0x5845444E49584850; // "PHXINDEX" in little-endian order
    public const uint FormatValue = 2;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public Guid Shard;
    [FieldOffset(32)] public ulong Segment;
    [FieldOffset(40)] public long ValidEnd;
    [FieldOffset(48)] public ulong FirstSequence;
    [FieldOffset(56)] public ulong LastSequence;
    [FieldOffset(64)] public long FirstStampedAt;
    [FieldOffset(72)] public long LastStampedAt;
    [FieldOffset(80)] public SectionTable Sections;

    [InlineArray(SectionCount)]
    public struct SectionTable
    {
        private IndexSection _first;
    }
}
