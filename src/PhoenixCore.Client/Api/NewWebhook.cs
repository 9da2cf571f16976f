using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>What a webhook is made with.</summary>
/// <param name="Url">https.</param>
/// <param name="Events">Types such as wallet.credited, or *; at least one.</param>
public sealed record NewWebhook(string Url, IReadOnlyList<string> Events)
{
    /// <summary>At least 16 characters; empty = one is made.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Id or external id; empty = all wallets.</summary>
    public string Wallet { get; init; } = "";

    /// <summary>Unspecified = none.</summary>
    public WebhookOrdering Ordering { get; init; }

    /// <summary>JSON object; empty = none.</summary>
    public string MetadataJson { get; init; } = "";
}
