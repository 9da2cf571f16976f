using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>An idempotency key's hash and the sequence that answers it; ordered by hash, then sequence.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct KeyRow : IComparable<KeyRow>
{
    public ulong HashHigh;
    public ulong HashLow;
    public ulong Sequence;

    public readonly UInt128 Hash => new(HashHigh, HashLow);

    public readonly int CompareTo(KeyRow other) =>
        Hash != other.Hash ? Hash.CompareTo(other.Hash) : Sequence.CompareTo(other.Sequence);
}
