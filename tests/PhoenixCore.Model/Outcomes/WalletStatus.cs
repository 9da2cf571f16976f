namespace PhoenixCore.Model;

/// <summary>The state of a wallet.</summary>
public enum WalletStatus
{
    /// <summary>Gives and receives.</summary>
    Active,

    /// <summary>Receives only.</summary>
    Frozen,

    /// <summary>Neither, for ever.</summary>
    Closed,
}
