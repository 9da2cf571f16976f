namespace PhoenixCore.Ledger.Facts;

/// <summary>What the journal's record says about a fact: its place, its time, whose it is.</summary>
/// <param name="Sequence">Position in the shard's order; the first fact has 1.</param>
/// <param name="Stamp">Unix nanoseconds.</param>
/// <param name="Tenant">0 = the shard itself.</param>
public readonly record struct FactContext(ulong Sequence, long Stamp, uint Tenant);
