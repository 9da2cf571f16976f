namespace PhoenixCore.Journal.Segments;

/// <summary>The mappings readers use: made when asked for, the least recently used ones let go. Any thread.</summary>
internal sealed class SegmentMaps(IJournalStorage storage) : IDisposable
{
    private const int CountMax = 64;
    private readonly Lock _lock = new();
    private readonly LinkedList<(ulong Number, MappedSegment Map)> _recent = new();
    private readonly Dictionary<ulong, LinkedListNode<(ulong Number, MappedSegment Map)>> _byNumber = [];

    /// <summary>Maps a segment, or shares the mapping; the caller releases it.</summary>
    public MappedSegment Acquire(SegmentEntry entry)
    {
        lock (_lock)
        {
            if (_byNumber.TryGetValue(entry.Number, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
            }
            else
            {
                node = _recent.AddFirst((entry.Number, Map(entry.Number)));
                _byNumber.Add(entry.Number, node);
                Trim();
            }
            node.Value.Map.Hold();
            return node.Value.Map;
        }
    }

    /// <summary>Lets go of every mapping; readers that hold one keep it until they release it.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (_, map) in _recent)
                map.Release();
            _recent.Clear();
            _byNumber.Clear();
        }
    }

    private MappedSegment Map(ulong number)
    {
        using var file = storage.Open(FileNames.Segment(number), JournalFileMode.Read);
        return new MappedSegment(file.Map(file.Length, writable: false));
    }

    private void Trim()
    {
        if (_recent.Count <= CountMax)
            return;
        var (number, map) = _recent.Last!.Value;
        _recent.RemoveLast();
        _byNumber.Remove(number);
        map.Release();
    }
}
