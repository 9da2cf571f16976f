using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Which wallets a list has.</summary>
/// <param name="Status">Null = any.</param>
/// <param name="HolderId">Null = any.</param>
/// <param name="IncludeSystem">The ledger's own too.</param>
internal sealed record WalletFilter(WalletStatus? Status, string? HolderId, bool IncludeSystem);
