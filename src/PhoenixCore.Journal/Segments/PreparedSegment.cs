namespace PhoenixCore.Journal.Segments;

/// <summary>A segment that is open for groups: its blocks are there and read as zeros.</summary>
internal sealed class PreparedSegment(ulong number, long bytes, IJournalFile file, IJournalMapping? mapping) : IDisposable
{
    public ulong Number { get; } = number;

    /// <summary>Size of the file.</summary>
    public long Bytes { get; } = bytes;

    public IJournalFile File { get; } = file;

    /// <summary>The writable mapping; null unless groups are written through it.</summary>
    public IJournalMapping? Mapping { get; } = mapping;

    /// <summary>Made together with the segment, so that switching to it allocates nothing.</summary>
    public SegmentEntry Entry { get; } = new(number, Page.Size, new SegmentDirectory(bytes));

    public void Dispose()
    {
        Mapping?.Dispose();
        File.Dispose();
    }
}
