namespace PhoenixCore.Model;

/// <summary>Replaces the policies of an asset; at most 8.</summary>
public sealed record BindAsset(string Asset, IReadOnlyList<int> Policies) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"BindAsset({Asset}, [{string.Join(", ", Policies)}])";
}
