using System.Runtime.InteropServices;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Slots;

/// <summary>Writes and reads the control slots. Writing: the committer's thread alone; allocates nothing.</summary>
internal sealed unsafe class ControlFile : IDisposable
{
    private readonly IJournalFile _file;
    private readonly Guid _shard;
    private byte* _sector = (byte*)NativeMemory.AlignedAlloc(ControlSlot.SectorBytes, Page.Size);

    private ControlFile(IJournalFile file, Guid shard)
    {
        _file = file;
        _shard = shard;
        new Span<byte>(_sector, ControlSlot.SectorBytes).Clear();
    }

    /// <summary>Reads the newest slot from the device.</summary>
    /// <returns>Null when neither slot is readable or there is no file: then there is no witness.</returns>
    public static ControlSlot? Read(IJournalStorage storage)
    {
        if (!storage.Exists(FileNames.Control))
            return null;
        using var file = storage.Open(FileNames.Control, JournalFileMode.ReadWrite);
        file.Sync();
        file.DropCache();
        return Newer(ReadSlot(file, 0), ReadSlot(file, 1));
    }

    /// <summary>Opens the file for witnessing; makes it, with its blocks, where there is none.</summary>
    public static ControlFile Open(IJournalStorage storage, Guid shard)
    {
        if (!storage.Exists(FileNames.Control))
            SlotFile.Create(storage, FileNames.Control);
        return new ControlFile(storage.Open(FileNames.Control, JournalFileMode.ReadWrite), shard);
    }

    /// <summary>Says that a group is durable.</summary>
    public void Witness(ulong group, ulong sequence, ChainValue chain, ulong epoch)
    {
        var slot = (ControlSlot*)_sector;
        *slot = new ControlSlot { Shard = _shard, Group = group, Sequence = sequence, Chain = chain, Epoch = epoch };
        ControlSlot.Finish(slot);
        _file.Write(ControlSlot.OffsetFor(group), _sector, ControlSlot.SectorBytes);
    }

    public void Dispose()
    {
        _file.Dispose();
        NativeMemory.AlignedFree(_sector);
        _sector = null;
    }

    private static ControlSlot? ReadSlot(IJournalFile file, ulong parity)
    {
        ControlSlot slot;
        var got = file.Read(ControlSlot.OffsetFor(parity), (byte*)&slot, ControlSlot.Size);
        return got == ControlSlot.Size && ControlSlot.IsReadable(&slot) ? slot : null;
    }

    private static ControlSlot? Newer(ControlSlot? even, ControlSlot? odd) =>
        even is null || (odd is { } o && o.Group > even.Value.Group) ? odd : even;
}
