namespace PhoenixCore.Ledger.State;

/// <summary>One table of the state as a stretch of memory, with what else is needed to make it again. What a snapshot holds.</summary>
/// <param name="Table">Which.</param>
/// <param name="RowBytes">Size of a row; part of the layout.</param>
/// <param name="Address">Begins a page; null where it only describes.</param>
/// <param name="Bytes">In use.</param>
/// <param name="First">Numbers of the table's own, as the next two.</param>
public readonly unsafe record struct StateSection(StateTable Table, int RowBytes, nint Address, long Bytes, ulong First = 0, ulong Second = 0, ulong Third = 0)
{
    /// <summary>Larger when the meaning of some row's bytes changes while its size does not. Snapshots of another layout are not read; the journal is.</summary>
    public const int Layout = 1;

    public byte* Memory => (byte*)Address;
}
