using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

/// <summary>In front of each part: its kind says which body follows, then come its postings, then its texts.</summary>
/// <remarks><code>
///   0      2       4          6          8        12           16
///   +------+-------+----------+----------+--------+------------+------------+-------------+--------
///   | Kind | Flags | Postings | Switched | Length | ExtrasBytes| body(kind) | postings... | policy items, extras
///   +------+-------+----------+----------+--------+------------+------------+-------------+--------
/// </code>
/// Length counts the whole part and is a multiple of 8.</remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct PartHeader
{
    public const int SizeBytes = 16;

    /// <summary>Flag: policies shaped the part; their items lie between postings and extras.</summary>
    public const ushort HasPolicyItems = 1;

    [FieldOffset(0)] public PartKind Kind;
    [FieldOffset(2)] public ushort Flags;
    [FieldOffset(4)] public ushort Postings;

    /// <summary>Lots whose wagering the part completes.</summary>
    [FieldOffset(6)] public ushort Switched;
    [FieldOffset(8)] public int Length;

    /// <summary>Bytes of texts, without the padding.</summary>
    [FieldOffset(12)] public int ExtrasBytes;
}
