using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>A reference's hash and a sequence that carries it; ordered by hash, then sequence.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct ReferenceRow : IComparable<ReferenceRow>
{
    public ulong Hash;
    public ulong Sequence;

    public readonly int CompareTo(ReferenceRow other) =>
        Hash != other.Hash ? Hash.CompareTo(other.Hash) : Sequence.CompareTo(other.Sequence);
}
