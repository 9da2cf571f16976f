using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>The side index of a sealed segment, mapped. Any thread; lives as long as the journal.</summary>
internal sealed unsafe class SegmentIndex : IDisposable
{
    private readonly IJournalMapping _mapping;
    private readonly IndexHeader* _header;

    private SegmentIndex(IJournalMapping mapping)
    {
        _mapping = mapping;
        _header = (IndexHeader*)mapping.Address;
    }

    public ReadOnlySpan<DirectoryMark> Marks => Rows<DirectoryMark>(0);

    /// <summary>Opens the index of a segment and verifies all of it.</summary>
    /// <returns>Null when there is no file, or it is not whole, or was made for another end of the segment: it has to be built.</returns>
    public static SegmentIndex? TryOpen(IJournalStorage storage, Guid shard, SegmentEntry entry)
    {
        IJournalMapping mapping;
        try
        {
            using var file = storage.Open(FileNames.Index(entry.Number), JournalFileMode.Read);
            var length = file.Length;
            if (length < Page.Size)
                return null;
            mapping = file.Map(length, writable: false);
        }
        catch (JournalIoException)
        {
            return null;
        }
        var index = new SegmentIndex(mapping);
        if (IsReadable(index._header, shard, entry.Number) && index._header->ValidEnd == entry.ValidEnd && index.HasWholeSections())
            return index;
        index.Dispose();
        return null;
    }

    /// <summary>What the index says about its segment, from its first page alone.</summary>
    /// <returns>Null when that page is missing or damaged.</returns>
    public static SegmentEntry? TryDescribe(IJournalStorage storage, Guid shard, ulong segment)
    {
        var page = stackalloc byte[Page.Size];
        try
        {
            using var file = storage.Open(FileNames.Index(segment), JournalFileMode.Read);
            if (file.Read(0, page, Page.Size) != Page.Size)
                return null;
        }
        catch (JournalIoException)
        {
            return null;
        }
        var header = (IndexHeader*)page;
        if (!IsReadable(header, shard, segment))
            return null;
        var entry = new SegmentEntry(segment, Page.Size, null) { IsSealed = true };
        entry.Begin(header->FirstSequence);
        entry.Extend(header->ValidEnd, header->LastSequence, header->FirstStampedAt, header->LastStampedAt);
        return entry;
    }

    public bool TryFindAccount(ulong account, out AccountPositions positions)
    {
        var rows = Rows<AccountRow>(1);
        var at = rows.BinarySearch(new AccountRow { Account = account });
        positions = at >= 0 ? rows[at].ToPositions() : default;
        return at >= 0;
    }

    /// <summary>Adds every sequence that carries a reference, in order.</summary>
    public void FindReferences(ulong hash, List<ulong> sequences)
    {
        var rows = Rows<ReferenceRow>(2);
        var at = rows.BinarySearch(new ReferenceRow { Hash = hash, Sequence = 0 });
        for (var i = at >= 0 ? at : ~at; i < rows.Length && rows[i].Hash == hash; i++)
            sequences.Add(rows[i].Sequence);
    }

    public void Dispose() => _mapping.Dispose();

    private ReadOnlySpan<T> Rows<T>(int section)
        where T : unmanaged
    {
        ref var place = ref _header->Sections[section];
        return new ReadOnlySpan<T>(_mapping.Address + place.Offset, (int)place.Count);
    }

    private static bool IsReadable(IndexHeader* header, Guid shard, ulong segment) =>
        header->Magic == IndexHeader.MagicValue
        && header->Format == IndexHeader.FormatValue
        && header->Checksum == Crc32C.Of((byte*)header + IndexHeader.ChecksumFrom, Page.Size - IndexHeader.ChecksumFrom)
        && header->Shard == shard
        && header->Segment == segment;

    private bool HasWholeSections() =>
        IsWhole(0, sizeof(DirectoryMark))
        && IsWhole(1, sizeof(AccountRow))
        && IsWhole(2, sizeof(ReferenceRow));

    private bool IsWhole(int section, int rowBytes)
    {
        ref var place = ref _header->Sections[section];
        return place.Offset >= Page.Size
            && place.Count >= 0
            && place.Count <= (_mapping.Length - place.Offset) / rowBytes
            && Crc32C.Of(_mapping.Address + place.Offset, (int)(place.Count * rowBytes)) == place.Checksum;
    }
}
