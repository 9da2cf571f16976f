using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>An idempotency key's hash and the sequence of a record that answers it; ordered by hash, then sequence.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct KeyRow(ulong hash, ulong sequence) : IComparable<KeyRow>
{
    public const int Size = 16;

    public ulong Hash = hash;
    public ulong Sequence = sequence;

    public readonly bool IsBefore(in KeyRow other) => Hash < other.Hash || (Hash == other.Hash && Sequence < other.Sequence);

    public readonly int CompareTo(KeyRow other) => IsBefore(other) ? -1 : other.IsBefore(this) ? 1 : 0;
}
