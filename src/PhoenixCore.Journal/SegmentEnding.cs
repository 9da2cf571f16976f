namespace PhoenixCore.Journal;

/// <summary>What stands behind the last whole group of a segment.</summary>
public enum SegmentEnding
{
    /// <summary>Nothing but zeros, or the file's end.</summary>
    Clean,

    /// <summary>Bytes that are no group of this place.</summary>
    Stray,

    /// <summary>A group that is not whole: torn, or damaged.</summary>
    Torn,

    /// <summary>A group that does not continue what comes before it.</summary>
    DoesNotFollow,

    /// <summary>A group with a record that is malformed.</summary>
    Malformed,

    /// <summary>The first page is not that of this segment: nothing was read.</summary>
    HeaderUnreadable,
}
