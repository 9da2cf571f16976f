namespace PhoenixCore.Client.Api;

/// <summary>What is to be changed of an asset; null = nothing.</summary>
public sealed record AssetChange
{
    /// <summary>Empty takes it away: the code stands for it.</summary>
    public string? Name { get; init; }

    /// <summary>JSON object; a member that is null is taken away.</summary>
    public string? MetadataJson { get; init; }

    /// <summary>Metadata stand for all that there were, and are not merged.</summary>
    public bool ReplacesMetadata { get; init; }

    /// <summary>Only until something is counted in it.</summary>
    public int? Scale { get; init; }
}
