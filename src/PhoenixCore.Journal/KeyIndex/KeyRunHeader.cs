using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>The first 4 KiB of a key run; little-endian, zeros behind.</summary>
/// <remarks><code>
///     0 Magic          u64  "PHXKEYS1"
///     8 Format         u32  1
///    12 Checksum       u32  CRC32C of bytes 16..4095
///    16 Shard          16B
///    32 First          u64  every key of records First..Last is here, and no other
///    40 Last           u64
///    48 FirstStampedAt i64  unix nanoseconds, not after the first record's
///    56 LastStampedAt  i64  not before the last record's
///    64 Keys           i64
///    72 TablesChecksum u32  CRC32C over the CRC32Cs of the tables' pieces of 1 MiB
///    76 LastChecksum   u32  the checksum of record Last, so that a run is not taken for another history's
/// </code>
/// Then pages of rows (<see cref="KeyPage"/>), then the tables: the first hash of each page, 8 bytes each, then the filter, each padded with
/// zeros to 4 KiB. All of it can be made again from the segments.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal struct KeyRunHeader
{
    public const int ChecksumFrom = 16;
    public const ulong MagicValue = 0x3153_5945_4B58_4850; // "PHXKEYS1" in little-endian order
    public const uint FormatValue = 1;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Format;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public Guid Shard;
    [FieldOffset(32)] public ulong First;
    [FieldOffset(40)] public ulong Last;
    [FieldOffset(48)] public long FirstStampedAt;
    [FieldOffset(56)] public long LastStampedAt;
    [FieldOffset(64)] public long Keys;
    [FieldOffset(72)] public uint TablesChecksum;
    [FieldOffset(76)] public uint LastChecksum;
}
