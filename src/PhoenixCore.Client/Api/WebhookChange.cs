using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>What a webhook gets anew; what is empty or unspecified stays.</summary>
public sealed record WebhookChange
{
    public string Url { get; init; } = "";

    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Id or external id.</summary>
    public string Wallet { get; init; } = "";

    public WebhookOrdering Ordering { get; init; }

    /// <summary>JSON object.</summary>
    public string MetadataJson { get; init; } = "";

    public WebhookStatus Status { get; init; }
}
