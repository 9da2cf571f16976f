namespace PhoenixCore.Model;

/// <summary>Expires a lot now.</summary>
public sealed record ExpireLot(int Lot) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"ExpireLot({Lot})";
}
