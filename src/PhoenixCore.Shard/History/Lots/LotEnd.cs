using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History.Lots;

/// <summary>A lot that holds nothing any more.</summary>
/// <param name="Last">The fact that took its last unit.</param>
/// <param name="LastEntry">Its account's last entry in that fact.</param>
/// <param name="Initial">All that ever came into it, smallest units.</param>
/// <param name="Expired">It expired before it was empty.</param>
public readonly record struct LotEnd(FactContext Last, ulong LastEntry, Int128 Initial, bool Expired);
