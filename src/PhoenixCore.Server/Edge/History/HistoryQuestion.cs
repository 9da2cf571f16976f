using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A list of history in the words of the API, the same for every front. Null, empty and zero mean "not given".</summary>
public sealed record HistoryQuestion(HistoryList List)
{
    /// <summary>Id or external id.</summary>
    public string? Wallet { get; init; }

    public string? Lot { get; init; }

    public string? Asset { get; init; }

    /// <summary>Kinds of operations; empty = all.</summary>
    public IReadOnlyList<PartKind> Kinds { get; init; } = [];

    public string? Reference { get; init; }

    /// <summary>Unix nanoseconds, included.</summary>
    public long From { get; init; }

    /// <summary>Unix nanoseconds, included.</summary>
    public long To { get; init; } = long.MaxValue;

    public AmountInput MinAmount { get; init; }

    public AmountInput MaxAmount { get; init; }

    /// <summary>Entries: debits or credits only.</summary>
    public bool? IsDebit { get; init; }

    /// <summary>Entries: of the reserved or of the available column only.</summary>
    public bool? IsReserved { get; init; }

    /// <summary>Reservations.</summary>
    public ReservationStatus Status { get; init; }

    /// <summary>What else decides which rows are shown; belongs to the cursor.</summary>
    public string? Mark { get; init; }

    /// <summary>1–100.</summary>
    public int Limit { get; init; } = RequestLimits.PageDefault;

    /// <summary>As the page before gave it out.</summary>
    public string? Cursor { get; init; }
}
