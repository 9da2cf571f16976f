using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>The side indexes of all sealed segments: opened when first asked, built after sealing, built again when damaged. Any thread.</summary>
internal sealed class IndexShelf(IJournalStorage storage, JournalOptions options, IRecordIndexer? indexer, SegmentCatalog catalog, SegmentMaps maps) : IDisposable
{
    private readonly Lock _building = new();
    private readonly IndexBuilder _builder = new(storage, options, indexer);

    /// <summary>The last sequence up to which every segment has its index; 0 when the first one has none.</summary>
    public ulong IndexedThrough
    {
        get
        {
            var through = 0UL;
            foreach (var entry in catalog.All)
            {
                if (!entry.HasIndexFile)
                    break;
                through = entry.LastSequence;
            }
            return through;
        }
    }

    /// <summary>Builds the index of the oldest sealed segment without one.</summary>
    /// <returns>False when there is none.</returns>
    public bool BuildNext()
    {
        foreach (var entry in catalog.All)
        {
            if (!entry.IsSealed || entry.HasIndexFile)
                continue;
            lock (_building)
                Build(entry);
            return true;
        }
        return false;
    }

    /// <summary>The index of a segment that has one; a damaged file is replaced first.</summary>
    public SegmentIndex Get(SegmentEntry entry)
    {
        if (entry.Index is { } open)
            return open;
        lock (_building)
        {
            if (entry.Index is null && !TryOpen(entry))
                Build(entry);
            return entry.Index!;
        }
    }

    public void Dispose()
    {
        foreach (var entry in catalog.All)
            entry.Index?.Dispose();
    }

    private void Build(SegmentEntry entry)
    {
        var map = maps.Acquire(entry);
        try
        {
            _builder.Build(entry, map);
        }
        finally
        {
            map.Release();
        }
        if (!TryOpen(entry))
            throw new JournalIoException("verify", FileNames.Index(entry.Number), 0, 0);
    }

    private bool TryOpen(SegmentEntry entry)
    {
        if (SegmentIndex.TryOpen(storage, options.ShardId, entry) is not { } index)
            return false;
        entry.Index = index;
        entry.HasIndexFile = true;
        entry.Directory = null; // The index holds the same marks; readers that took the directory keep it.
        return true;
    }
}
