namespace PhoenixCore.Replication.Messages;

/// <summary>How a leader takes a copy in.</summary>
/// <param name="Agreement">The last sequence that both have; what the copy has behind it was never committed.</param>
/// <param name="Address">Where clients find the leader.</param>
public sealed record Welcome(Guid Timeline, ulong Epoch, Guid Leader, ulong Agreement, ulong Committed, string Address);
