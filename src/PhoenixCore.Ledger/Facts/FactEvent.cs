namespace PhoenixCore.Ledger.Facts;

/// <summary>One event of a part.</summary>
/// <param name="Posting">Index of the posting that it is about, or of the lot among those that the part frees; −1: of the part as a whole.</param>
public readonly record struct FactEvent(EventKind Kind, int Posting)
{
    public FactEvent(EventKind kind)
        : this(kind, -1)
    {
    }
}
