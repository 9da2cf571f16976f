namespace PhoenixCore.Server.Edge.History;

/// <summary>A page of history.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Cursor">Where the next page goes on; null = there is none.</param>
/// <param name="Wallet">The wallet that the list is about; 0 = none.</param>
/// <param name="Outcomes">Lists of reservations: what became of each row, in the same order.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryRow> Rows, string? Cursor, ulong Wallet, IReadOnlyList<ReservationOutcome> Outcomes);
