using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <param name="DefaultAsset">Empty = none.</param>
/// <param name="MetadataJson">Empty = none.</param>
/// <param name="Balances">One per asset that ever came in; empty in lists.</param>
public sealed record Wallet(
    string Id, string ExternalId, WalletStatus Status, bool IsPooled, string DefaultAsset, string Name, string HolderId, string MetadataJson,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<Balance> Balances)
{
    /// <summary>Null when the wallet never held the asset.</summary>
    public Balance? BalanceOf(string asset) => Balances.FirstOrDefault(balance => balance.Total.Asset == asset);

    internal static Wallet From(Contracts.V1.Wallet from) => new(
        from.Id, from.ExternalId, from.Status, from.Pooled, from.DefaultAsset, from.Name, from.HolderId, from.MetadataJson,
        UnixNanoseconds.ToTime(from.CreatedAtUnixNs), UnixNanoseconds.ToTime(from.UpdatedAtUnixNs), [.. from.Balances.Select(Balance.From)]);
}
