using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard.History.Lots;

namespace PhoenixCore.Server.Edge.History;

/// <summary>A lot that this tenant has or had.</summary>
/// <param name="End">How it was used up; null while it holds something.</param>
/// <param name="View">As it is, or as it was left.</param>
internal sealed record KnownLot(ulong Number, LotOrigin Origin, WalletAccounts Wallet, LotEnd? End, LotView View);
