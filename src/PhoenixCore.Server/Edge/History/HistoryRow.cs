using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A row of a list: a durable fact and the place in it.</summary>
/// <param name="Fact">Payload; rows of one fact share it.</param>
/// <param name="Place">Part or entry, as the list has them; 0 of a transaction.</param>
public readonly record struct HistoryRow(byte[] Fact, FactContext Context, int Place);
