namespace PhoenixCore.Client.Api;

/// <summary>Terms of a credit and of its lot.</summary>
public sealed record CreditTerms : Terms
{
    /// <summary>Null = the lot never expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The lot's policy; empty = the asset's.</summary>
    public string PolicyId { get; init; } = "";

    /// <summary>JSON object, kept with the lot.</summary>
    public string AttributesJson { get; init; } = "";

    /// <summary>JSON array, kept with the lot.</summary>
    public string RestrictionsJson { get; init; } = "";
}
