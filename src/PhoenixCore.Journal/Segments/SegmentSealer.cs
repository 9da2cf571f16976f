using System.Collections.Concurrent;

namespace PhoenixCore.Journal.Segments;

/// <summary>Finishes segments that the committer has left: gives back what they did not use and closes them.</summary>
internal sealed class SegmentSealer : IDisposable
{
    private readonly ConcurrentQueue<PreparedSegment> _left = new();

    /// <summary>Committer thread.</summary>
    public void Leave(PreparedSegment segment) => _left.Enqueue(segment);

    /// <summary>Finishes one segment. One thread.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="JournalIoException">The rest could not be given back; nothing durable is concerned, and the next opening does it.</exception>
    public bool Step()
    {
        if (!_left.TryDequeue(out var segment))
            return false;
        using (segment)
        {
            // A file is never cut while it is mapped for writing.
            segment.Mapping?.Dispose();
            segment.File.Truncate(segment.Entry.ValidEnd);
            segment.File.Sync();
        }
        return true;
    }

    public void Dispose()
    {
        while (_left.TryDequeue(out var segment))
            segment.Dispose();
    }
}
