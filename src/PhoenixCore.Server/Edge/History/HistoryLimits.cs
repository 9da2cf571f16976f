namespace PhoenixCore.Server.Edge.History;

/// <summary>What one question about history may cost.</summary>
public static class HistoryLimits
{
    /// <summary>Facts that one page looks at; what it has found by then is the page, and the cursor goes on from there.</summary>
    public const int PageFactsMax = 20_000;

    /// <summary>Facts that a search for one thing looks at, in the part of the journal that has no side index yet.</summary>
    public const int SearchFactsMax = 262_144;

    /// <summary>Bytes of facts behind which a page ends.</summary>
    public const int PageBytesMax = 1 << 20;

    /// <summary>Nanoseconds by which a time that is asked for may be ahead of the ledger's.</summary>
    public const long AheadMax = 1_000_000_000;
}
