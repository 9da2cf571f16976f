using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Recovery;

/// <summary>What the scan learned about one segment.</summary>
internal sealed class SegmentFinding(SegmentFile file)
{
    public SegmentFile File { get; } = file;

    public SegmentHeaderState Header { get; set; }

    /// <summary>Size the header says it was prepared with; 0 where that is unreadable.</summary>
    public long PreparedBytes { get; set; }

    /// <summary>End of the groups that belong to the journal; the first page's end where there are none.</summary>
    public long ValidEnd { get; set; } = Page.Size;

    public ulong FirstSequence { get; set; }

    public ulong LastSequence { get; set; }

    public long FirstStampedAt { get; set; }

    public long LastStampedAt { get; set; }

    /// <summary>Whether any group of the journal lies here.</summary>
    public bool HasGroups => ValidEnd > Page.Size;

    public SegmentDirectory? Directory { get; set; }

    /// <summary>First and last byte, by whole pages, behind ValidEnd that are not all zero; equal where all are.</summary>
    public long DirtyFrom { get; set; }

    /// <inheritdoc cref="DirtyFrom"/>
    public long DirtyTo { get; set; }

    public bool IsDirty => DirtyTo > DirtyFrom;
}
