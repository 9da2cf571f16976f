namespace PhoenixCore.Model;

/// <summary>Makes an asset ACTIVE or INACTIVE.</summary>
public sealed record SetAssetStatus(string Code, bool Active) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"SetAssetStatus({Code}, {Active})";
}
