namespace PhoenixCore.Model;

/// <summary>Makes an ACTIVE asset.</summary>
public sealed record CreateAsset(string Code, int Scale) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"CreateAsset({Code}, {Scale})";
}
