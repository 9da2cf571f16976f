using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A wallet's balances as of a moment.</summary>
/// <param name="Wallet">Number.</param>
/// <param name="Sequence">The tenant's number of the last event that counts; 0 = none.</param>
/// <param name="Stamp">That fact's time, unix nanoseconds.</param>
/// <param name="Balances">Available and reserved then; assets that the wallet had not held yet are missing. The bounds are zero.</param>
public sealed record BalancesAt(ulong Wallet, ulong Sequence, long Stamp, IReadOnlyList<BalanceView> Balances);
