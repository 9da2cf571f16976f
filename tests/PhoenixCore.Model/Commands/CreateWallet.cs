namespace PhoenixCore.Model;

/// <summary>Makes an ACTIVE wallet.</summary>
public sealed record CreateWallet(string ExternalId, string? DefaultAsset, bool Pooled) : ModelCommand
{
    /// <summary>Bound at its birth; at most 8.</summary>
    public IReadOnlyList<int> Policies { get; init; } = [];

    /// <inheritdoc/>
    public override string Describe() => $"CreateWallet({ExternalId}, default={DefaultAsset}, pooled={Pooled}){(Policies.Count == 0 ? "" : $" policies=[{string.Join(", ", Policies)}]")}";
}
