using System.Runtime.InteropServices;

namespace PhoenixCore.Journal;

/// <summary>The 40 bytes in front of every journal record; little-endian, payload padded with zeros to 8 bytes.</summary>
/// <remarks><code>
///   0        4        8            16           24           32     34     36        40
///   +--------+--------+------------+------------+------------+------+------+---------+----------
///   |Checksum|Length  |Sequence    |Epoch       |StampedAt   |Kind  |Layout|Tenant   | payload...
///   +--------+--------+------------+------------+------------+------+------+---------+----------
/// </code>
/// Checksum is CRC32C of every byte after it. Length counts the whole record, header included, and is a multiple of 8.
/// StampedAt is Unix nanoseconds. Bit 15 of Kind is set on the last record of a committed run: it is what lets any copy
/// recompute the record chain from record bytes alone, however the runs were framed into groups. The journal itself
/// sets Checksum and that bit; whoever encodes a record fills in the rest. Why the chain goes by runs: ADR 0004.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct RecordHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 40;

    /// <summary>The bit of <see cref="Kind"/> that marks the last record of a run.</summary>
    public const ushort RunEndBit = 0x8000;

    /// <summary>Records are padded to a multiple of this many bytes.</summary>
    public const int Alignment = 8;

    [FieldOffset(0)] public uint Checksum;
    [FieldOffset(4)] public uint Length;
    [FieldOffset(8)] public ulong Sequence;
    [FieldOffset(16)] public ulong Epoch;
    [FieldOffset(24)] public long StampedAt;
    [FieldOffset(32)] public ushort Kind;
    [FieldOffset(34)] public ushort Layout;
    [FieldOffset(36)] public uint Tenant;

    /// <summary>The kind as the caller wrote it, without the run-end bit.</summary>
    public readonly ushort PlainKind => (ushort)(Kind & ~RunEndBit);

    /// <summary>Whether this record is the last of its run.</summary>
    public readonly bool EndsRun => (Kind & RunEndBit) != 0;

    /// <summary>Bytes after the header, padding included.</summary>
    public readonly int PayloadBytes => (int)Length - Size;

    /// <summary>The length a record with a payload of this many bytes has in the journal.</summary>
    public static int LengthFor(int payloadBytes) => (Size + payloadBytes + Alignment - 1) & -Alignment;
}
