namespace PhoenixCore.Model;

/// <summary>Replaces the policies of a wallet; at most 8.</summary>
public sealed record BindWallet(string Wallet, IReadOnlyList<int> Policies) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"BindWallet({Wallet}, [{string.Join(", ", Policies)}])";
}
