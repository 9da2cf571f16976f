using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>A sorted file of keys with its filter in memory. Immutable; any thread. Lives while a <see cref="KeyView"/> holds it.</summary>
internal sealed unsafe class KeyRun
{
    private readonly IJournalFile _file;
    private readonly KeyTables _tables;
    private int _holders;

    public KeyRun(IJournalFile file, KeyTables tables, in KeySpan span, long keys)
    {
        (_file, _tables, Span, Keys) = (file, tables, span, keys);
        Name = FileNames.KeyRun(span.First, span.Last);
    }

    public string Name { get; }

    public KeySpan Span { get; }

    public long Keys { get; }

    /// <summary>Bytes in memory.</summary>
    public long Bytes => _tables.Bytes;

    /// <summary>Opens a run; verifies its header and tables now and its rows when they are read.</summary>
    /// <param name="lastChecksum">The checksum of the record <paramref name="last"/> in this journal.</param>
    /// <returns>Null when it is not whole, or not what its name says, or of another history.</returns>
    public static KeyRun? TryOpen(IJournalStorage storage, Guid shard, ulong first, ulong last, uint lastChecksum)
    {
        IJournalFile? file = null;
        KeyTables? tables = null;
        try
        {
            file = storage.Open(FileNames.KeyRun(first, last), JournalFileMode.Read);
            var page = stackalloc byte[Page.Size];
            var header = (KeyRunHeader*)page;
            if (file.Read(0, page, Page.Size) == Page.Size && IsReadable(header, shard, first, last) && header->LastChecksum == lastChecksum)
            {
                tables = new KeyTables(header->Keys);
                if (IsWhole(file, tables, *header))
                    return new KeyRun(file, tables, new(first, last, header->FirstStampedAt, header->LastStampedAt), header->Keys);
            }
        }
        catch (JournalIoException)
        {
            // Unreadable is as good as damaged.
        }
        tables?.Dispose();
        file?.Dispose();
        return null;
    }

    public ulong* LineOf(ulong hash) => _tables.LineOf(hash);

    public bool MayHold(ulong hash) => KeyFilter.MayHold(_tables.LineOf(hash), hash);

    /// <summary>The newest row of a hash that is older than <paramref name="before"/>; reads one page, seldom more.</summary>
    /// <exception cref="KeyRunDamagedException">The page is not what was written, or cannot be read.</exception>
    public bool TryFindBefore(ulong hash, ulong before, out ulong sequence)
    {
        var memory = stackalloc byte[Page.Size];
        var page = (KeyPage*)memory;
        var wanted = new KeyRow(hash, before);
        for (var number = _tables.LastPageFrom(hash); number >= 0; number--)
        {
            Read(number, page);
            var at = KeyPage.LastBefore(page, wanted);
            if (at >= 0)
            {
                sequence = KeyPage.Rows(page)[at].Sequence;
                return KeyPage.Rows(page)[at].Hash == hash;
            }
        }
        sequence = 0;
        return false;
    }

    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        _file.Dispose();
        _tables.Dispose();
    }

    private void Read(long number, KeyPage* page)
    {
        try
        {
            if (_file.Read(Page.Size * (number + 1), (byte*)page, Page.Size) != Page.Size)
                throw new KeyRunDamagedException(this, $"page {number} is missing");
        }
        catch (JournalIoException error)
        {
            throw new KeyRunDamagedException(this, error.Message);
        }
        if (!KeyPage.IsWhole(page, Span.First, Span.Last, number))
            throw new KeyRunDamagedException(this, $"page {number} is damaged");
    }

    private static bool IsReadable(KeyRunHeader* header, Guid shard, ulong first, ulong last) =>
        header->Magic == KeyRunHeader.MagicValue
        && header->Format == KeyRunHeader.FormatValue
        && header->Checksum == Crc32C.Of((byte*)header + KeyRunHeader.ChecksumFrom, Page.Size - KeyRunHeader.ChecksumFrom)
        && header->Shard == shard
        && header->First == first && header->Last == last && header->Keys >= 0;

    private static bool IsWhole(IJournalFile file, KeyTables tables, in KeyRunHeader header)
    {
        var start = Page.Size * (tables.Pages + 1);
        for (long at = 0; at < tables.Bytes; at += KeyTables.PieceBytes)
        {
            if (file.Read(start + at, tables.Memory + at, tables.PieceAt(at)) != tables.PieceAt(at))
                return false;
        }
        return tables.Checksum() == header.TablesChecksum;
    }
}
