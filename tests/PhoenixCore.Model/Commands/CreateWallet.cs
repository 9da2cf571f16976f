namespace PhoenixCore.Model;

/// <summary>Makes an ACTIVE wallet.</summary>
public sealed record CreateWallet(string ExternalId, string? DefaultAsset, bool Pooled) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"CreateWallet({ExternalId}, default={DefaultAsset}, pooled={Pooled})";
}
