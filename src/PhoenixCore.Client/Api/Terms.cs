namespace PhoenixCore.Client.Api;

/// <summary>The caller's words on a write. Empty = none.</summary>
public record Terms
{
    public string Reference { get; init; } = "";

    /// <summary>What the money is for; policies may look at it. 1 to 32 of a-z 0-9 _.</summary>
    public string Intent { get; init; } = "";

    /// <summary>JSON object that policies may look at, before the metadata.</summary>
    public string ContextJson { get; init; } = "";

    /// <summary>JSON object.</summary>
    public string MetadataJson { get; init; } = "";
}
