namespace PhoenixCore.Model;

/// <summary>What <see cref="SetWalletStatus"/> does.</summary>
public enum WalletStatusChange
{
    /// <summary>To FROZEN.</summary>
    Freeze,

    /// <summary>To ACTIVE.</summary>
    Unfreeze,

    /// <summary>To CLOSED, for ever.</summary>
    Close,
}
