namespace PhoenixCore.Server.Edge.History;

/// <summary>What a list of history has as its rows.</summary>
public enum HistoryList
{
    /// <summary>Facts that moved something.</summary>
    Transactions,
    Credits,
    Transfers,
    Debits,
    Reservations,

    /// <summary>One side of a posting each.</summary>
    Entries,

    /// <summary>Entries that made a lot.</summary>
    Lots,
}
