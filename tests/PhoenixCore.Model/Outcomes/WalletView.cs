namespace PhoenixCore.Model;

/// <summary>One wallet as seen from outside. Id: ordinal of its creation in the tenant, the four system wallets being 0–3.</summary>
public sealed record WalletView(int Id, string ExternalId, WalletStatus Status, bool Pooled, bool System, string? DefaultAsset);
