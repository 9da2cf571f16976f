namespace PhoenixCore.Model;

/// <summary>Moves units between wallets; 1–100 legs, all or none.</summary>
public sealed record CreateTransfer(IReadOnlyList<TransferLeg> Legs) : ModelCommand
{
    /// <summary>A transfer of one leg.</summary>
    public CreateTransfer(TransferLeg leg)
        : this([leg])
    {
    }

    /// <inheritdoc/>
    public override string Describe() => $"CreateTransfer({string.Join("; ", Legs.Select(leg => leg.Describe()))})";
}
