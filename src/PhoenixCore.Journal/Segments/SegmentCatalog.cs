namespace PhoenixCore.Journal.Segments;

/// <summary>All segments that readers can reach, in order. One thread adds; any thread looks.</summary>
internal sealed class SegmentCatalog(int present)
{
    private SegmentEntry[] _entries = new SegmentEntry[present + 1024];
    private int _count;

    public ReadOnlySpan<SegmentEntry> All
    {
        get
        {
            // The count first: an array read later holds at least as many.
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _entries).AsSpan(0, count);
        }
    }

    public void Add(SegmentEntry entry)
    {
        if (_count == _entries.Length)
            Volatile.Write(ref _entries, Grown());
        _entries[_count] = entry;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Makes room for further segments, off the commit path; the committer must not be adding meanwhile.</summary>
    private SegmentEntry[] Grown()
    {
        var larger = new SegmentEntry[_entries.Length * 2];
        _entries.CopyTo(larger, 0);
        return larger;
    }

    /// <summary>The segment that holds a sequence, or the last one that begins before it.</summary>
    public SegmentEntry? Holding(ulong sequence)
    {
        var entries = All;
        int low = 0, high = entries.Length - 1;
        SegmentEntry? found = null;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].FirstSequence <= sequence)
            {
                found = entries[middle];
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return found;
    }

    /// <summary>The segment behind another one.</summary>
    public SegmentEntry? After(SegmentEntry entry)
    {
        var entries = All;
        var index = (long)(entry.Number - entries[0].Number) + 1;
        return index < entries.Length ? entries[(int)index] : null;
    }
}
