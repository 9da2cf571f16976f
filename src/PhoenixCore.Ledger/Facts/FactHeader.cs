using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

/// <summary>The first 40 bytes of every fact, right behind the journal's record header.</summary>
/// <remarks><code>
///   0        8        16            24           32       34      36     38        40
///   +--------+--------+-------------+------------+--------+-------+------+---------+--------
///   | KeyLo  | KeyHi  | Fingerprint | EventFirst | Events | Parts | Flags| Postings| parts...
///   +--------+--------+-------------+------------+--------+-------+------+---------+--------
/// </code>
/// EventFirst is the tenant's own event number: tenants see their sequence, never the shard's.</remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct FactHeader
{
    public const int SizeBytes = 40;

    /// <summary>Flag: KeyLo, KeyHi and Fingerprint are meaningful.</summary>
    public const ushort Keyed = 1;

    [FieldOffset(0)] public ulong KeyLo;
    [FieldOffset(8)] public ulong KeyHi;
    [FieldOffset(16)] public ulong Fingerprint;
    [FieldOffset(24)] public ulong EventFirst;
    [FieldOffset(32)] public ushort Events;
    [FieldOffset(34)] public ushort Parts;
    [FieldOffset(36)] public ushort Flags;

    /// <summary>Postings of all parts together; entry ordinals run through them.</summary>
    [FieldOffset(38)] public ushort Postings;
}
