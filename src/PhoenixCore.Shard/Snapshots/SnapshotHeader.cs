using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Journal;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>The first page of a snapshot; little-endian, zeros behind the sections' lines.</summary>
/// <remarks><code>
///     0 Magic         u64  "PHXSNAP1"
///     8 Format        u32  1
///    12 Checksum      u32  CRC32C of bytes 16..4095
///    16 Shard         16B
///    32 Sequence      u64  of the last fact that is in it; the end of a run
///    40 Epoch         u64  of that fact
///    48 StampedAt     i64  unix nanoseconds, of that fact
///    56 Chain         16B  the record chain's value at the sequence
///    72 Digest        16B  of the state
///    88 Layout        u32  meaning of the rows
///    92 Sections      u32
///    96 RowsMax       i64  rows of each kind that address space was reserved for
///   104 Bytes         i64  of the file
///   112 PiecesAt      i64  where the pieces' checksums stand
///   120 Pieces        u32
///   124 PiecesSum     u32  CRC32C of the pages with the pieces' checksums
///   128 Hash          32B  SHA-256 of everything behind this page, then this page with Checksum and Hash zero
///   160 Lines              56 bytes for each section
/// </code></remarks>
[StructLayout(LayoutKind.Explicit, Size = Page)]
internal unsafe struct SnapshotHeader
{
    public const int Page = 4_096;
    public const int ChecksumFrom = 16;
    public const int HashBytes = 32;
    public const int LinesMax = (Page - LinesAt) / SectionLine.Size;
    public const ulong MagicValue = 0x3150_414E_5358_4850; // "PHXSNAP1" in little-endian order
    public const uint FormatValue = 1;
    private const int LinesAt = 160;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public Guid Shard;
    [FieldOffset(32)] public ulong Sequence;
    [FieldOffset(40)] public ulong Epoch;
    [FieldOffset(48)] public long StampedAt;
    [FieldOffset(56)] public ChainValue Chain;
    [FieldOffset(72)] public ulong DigestLow;
    [FieldOffset(80)] public ulong DigestHigh;
    [FieldOffset(88)] public uint Layout;
    [FieldOffset(92)] public int Sections;
    [FieldOffset(96)] public long RowsMax;
    [FieldOffset(104)] public long Bytes;
    [FieldOffset(112)] public long PiecesAt;
    [FieldOffset(120)] public int Pieces;
    [FieldOffset(124)] public uint PiecesSum;
    [FieldOffset(128)] public fixed byte Hash[HashBytes];

    public static SectionLine* Lines(SnapshotHeader* header) => (SectionLine*)((byte*)header + LinesAt);

    /// <summary>A page's end at or behind a place.</summary>
    public static long PageEnd(long bytes) => (bytes + Page - 1) & ~(long)(Page - 1);

    public readonly UInt128 Digest => new(DigestHigh, DigestLow);
}
