namespace PhoenixCore.Server.Webhooks;

/// <summary>What a caller wants of a webhook; null = not said.</summary>
public sealed record WebhookWish
{
    public string? Url { get; init; }

    /// <summary>Types of events, or <c>*</c>.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>Only when it is made.</summary>
    public string? Secret { get; init; }

    /// <summary>Id or external id.</summary>
    public string? Wallet { get; init; }

    public bool? IsOrderedByWallet { get; init; }

    /// <summary>Canonical JSON object.</summary>
    public string? Metadata { get; init; }

    /// <summary>Only when it is changed.</summary>
    public bool? IsDisabled { get; init; }

    /// <summary>The same words make the same text: a key that comes again has to come with them.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
        System.Text.Json.JsonSerializer.Serialize(new object?[] { Url, Events, Secret, Wallet, IsOrderedByWallet, Metadata }))));
}
