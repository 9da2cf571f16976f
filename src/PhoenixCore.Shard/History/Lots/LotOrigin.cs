using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History.Lots;

/// <summary>How a lot came about, as the fact that made it says.</summary>
/// <param name="Account">Its wallet and asset; of a system account's lot the wallet is 0.</param>
/// <param name="SystemWallet">1–4: the lot of that system wallet; else 0.</param>
/// <param name="Made">The fact.</param>
/// <param name="Kind">Of the part that made it.</param>
/// <param name="From">The lot whose terms it inherited; 0 = none.</param>
/// <param name="ExpiresAt">Of a credit's own terms, unix nanoseconds; 0 = never, or inherited.</param>
public readonly record struct LotOrigin(AccountName Account, int SystemWallet, FactContext Made, PartKind Kind, ulong From, long ExpiresAt);
