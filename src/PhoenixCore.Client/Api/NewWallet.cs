namespace PhoenixCore.Client.Api;

/// <summary>A wallet to be made.</summary>
/// <param name="ExternalId">The caller's own name for it, unique in the tenant for ever.</param>
public sealed record NewWallet(string ExternalId)
{
    /// <summary>Taken where a later request names no asset; an ISO 4217 currency is made when it is missing.</summary>
    public string DefaultAsset { get; init; } = "";

    /// <summary>One lot per asset, without terms: for houses and merchants.</summary>
    public bool IsPooled { get; init; }

    public string Name { get; init; } = "";

    public string HolderId { get; init; } = "";

    /// <summary>JSON object; empty = none.</summary>
    public string MetadataJson { get; init; } = "";
}
