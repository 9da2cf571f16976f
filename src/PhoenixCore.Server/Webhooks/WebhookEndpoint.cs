using System.Text.Json.Serialization;

namespace PhoenixCore.Server.Webhooks;

/// <summary>A subscription, as it is stored: secrets are sealed.</summary>
public sealed record WebhookEndpoint
{
    public required ulong Number { get; init; }

    public required uint Tenant { get; init; }

    public required string Url { get; init; }

    /// <summary>Event types, or <c>*</c>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Number of the wallet that events have to be about; 0 = any.</summary>
    public ulong Wallet { get; init; }

    /// <summary>True: a wallet's events one after the other, each waiting for the one before.</summary>
    public bool IsOrderedByWallet { get; init; }

    /// <summary>True: bodies in the form of <c>/v1</c>.</summary>
    public bool IsConcepts { get; init; }

    public required string SealedSecret { get; init; }

    /// <summary>The one before a rotation; signs too until its time.</summary>
    public string? SealedOldSecret { get; init; }

    public DateTimeOffset OldSecretUntil { get; init; }

    /// <summary>Canonical JSON object.</summary>
    public string Metadata { get; init; } = "{}";

    public bool IsDisabled { get; init; }

    /// <summary>Why it was disabled, when the server did it.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Idempotency key of the request that made it.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Hash of what that request said.</summary>
    public string? MadeFrom { get; init; }

    /// <summary>Idempotency key of the last rotation of its secret.</summary>
    public string? RotatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    [JsonIgnore]
    public string Status => IsDisabled ? "disabled" : "active";
}
