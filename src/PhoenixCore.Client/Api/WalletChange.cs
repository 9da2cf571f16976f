namespace PhoenixCore.Client.Api;

/// <summary>What is to be changed of a wallet; null = nothing.</summary>
public sealed record WalletChange
{
    /// <summary>Empty takes it away.</summary>
    public string? Name { get; init; }

    /// <summary>JSON object; a member that is null is taken away.</summary>
    public string? MetadataJson { get; init; }

    /// <summary>Metadata stand for all that there were, and are not merged.</summary>
    public bool ReplacesMetadata { get; init; }

    /// <summary>The whole list.</summary>
    public IReadOnlyList<string>? Policies { get; init; }
}
