namespace PhoenixCore.Model;

/// <summary>Freezes, unfreezes or closes a wallet.</summary>
public sealed record SetWalletStatus(string Wallet, WalletStatusChange Change) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"SetWalletStatus({Wallet}, {Change})";
}
