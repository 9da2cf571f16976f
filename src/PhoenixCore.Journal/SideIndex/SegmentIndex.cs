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

    /// <summary>The account's last run that begins at or before an entry.</summary>
    public bool TryFindRun(ulong account, ulong entry, out AccountPositions run)
    {
        var rows = RowsOf(account);
        var at = rows.BinarySearch(new AccountRow { Account = account, FirstEntry = entry });
        var last = at >= 0 ? at : ~at - 1;
        run = last >= 0 ? rows[last].ToPositions() : default;
        return last >= 0;
    }

    /// <summary>Of an account whose balance only grows: the last run whose first balance is at most a value.</summary>
    public bool TryFindRising(ulong account, in Int128 value, out AccountPositions run)
    {
        var rows = RowsOf(account);
        int low = 0, high = rows.Length - 1, found = -1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].ToPositions().FirstBalance <= value)
                (found, low) = (middle, middle + 1);
            else
                high = middle - 1;
        }
        run = found >= 0 ? rows[found].ToPositions() : default;
        return found >= 0;
    }

    /// <summary>Adds sequences that carry a reference and lie before another one, newest first, until there are so many.</summary>
    public void FindReferences(ulong hash, ulong before, List<ulong> sequences, int countMax)
    {
        var rows = Rows<ReferenceRow>(2);
        var at = rows.BinarySearch(new ReferenceRow { Hash = hash, Sequence = before });
        for (var i = FirstOf(rows, at >= 0 ? at : ~at) - 1; i >= 0 && rows[i].Hash == hash && sequences.Count < countMax; i--)
        {
            if (sequences.Count == 0 || sequences[^1] != rows[i].Sequence)
                sequences.Add(rows[i].Sequence);
        }

        // A record may carry a reference several times, and a search stops at any of equal rows.
        static int FirstOf(ReadOnlySpan<ReferenceRow> rows, int index)
        {
            while (index > 0 && index < rows.Length && rows[index].CompareTo(rows[index - 1]) == 0)
                index--;
            return index;
        }
    }

    /// <summary>The first sequence that carries a reference and is not before another one.</summary>
    public bool TryFindReference(ulong hash, ulong from, out ulong sequence)
    {
        var rows = Rows<ReferenceRow>(2);
        var at = rows.BinarySearch(new ReferenceRow { Hash = hash, Sequence = from });
        var first = at >= 0 ? at : ~at;
        var found = first < rows.Length && rows[first].Hash == hash;
        sequence = found ? rows[first].Sequence : 0;
        return found;
    }

    public void Dispose() => _mapping.Dispose();

    private ReadOnlySpan<AccountRow> RowsOf(ulong account)
    {
        var rows = Rows<AccountRow>(1);
        var first = rows.BinarySearch(new AccountRow { Account = account });
        first = first >= 0 ? first : ~first;
        var behind = rows[first..].BinarySearch(new AccountRow { Account = account, FirstEntry = ulong.MaxValue });
        return rows.Slice(first, behind >= 0 ? behind : ~behind);
    }

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
