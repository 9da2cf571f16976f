namespace PhoenixCore.Shard.History.Totals;

/// <summary>A tenant's trial balance as of one fact.</summary>
/// <param name="Sequence">The tenant's number of the last event that counts.</param>
/// <param name="Stamp">Ledger time of the last fact that counts, unix nanoseconds.</param>
/// <param name="IsComplete">All that was durable when it was asked for counts; otherwise the next question goes on from here.</param>
public sealed record TrialReport(ulong Sequence, long Stamp, bool IsComplete, IReadOnlyList<AssetTrial> Assets);
