namespace PhoenixCore.Journal.Framing;

/// <summary>What a look at one place of a segment says about the group that should begin there.</summary>
internal enum GroupVerdict
{
    /// <summary>The expected group, whole.</summary>
    Whole,

    /// <summary>No group header for this place.</summary>
    NoHeader,

    /// <summary>The expected header, but its records are not what was written, or not all here.</summary>
    Torn,

    /// <summary>A header for this place that does not continue what comes before it.</summary>
    DoesNotFollow,

    /// <summary>The expected group with the chain value it claims, yet a record in it is malformed.</summary>
    Malformed,
}
