namespace PhoenixCore.Client.Api;

/// <summary>The caller's words on a write. Empty = none.</summary>
public record Terms
{
    public string Reference { get; init; } = "";

    /// <summary>JSON object.</summary>
    public string MetadataJson { get; init; } = "";
}
