using System.Runtime.InteropServices;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>One table of a snapshot in its first page.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct SectionLine
{
    public const int Size = 56;

    /// <summary>A piece: what is read, written and summed at once.</summary>
    public const int PieceBytes = 1 << 20;

    [FieldOffset(0)] public StateTable Table;
    [FieldOffset(4)] public int RowBytes;
    [FieldOffset(8)] public long Offset;
    [FieldOffset(16)] public long Bytes;
    [FieldOffset(24)] public int FirstPiece;

    /// <summary>CRC32C over the checksums of its pieces.</summary>
    [FieldOffset(28)] public uint Checksum;
    [FieldOffset(32)] public ulong First;
    [FieldOffset(40)] public ulong Second;
    [FieldOffset(48)] public ulong Third;

    public readonly int Pieces => (int)((Bytes + PieceBytes - 1) / PieceBytes);

    public readonly StateSection Section => new(Table, RowBytes, 0, Bytes, First, Second, Third);
}
