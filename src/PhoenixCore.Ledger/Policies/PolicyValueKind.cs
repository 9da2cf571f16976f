namespace PhoenixCore.Ledger.Policies;

/// <summary>Numbers are stored in programs and facts: added, never reused.</summary>
public enum PolicyValueKind : byte
{
    None = 0,
    Text = 1,
    Number = 2,
    Boolean = 3,

    /// <summary>A wallet's number.</summary>
    Wallet = 4,

    /// <summary>The keyed hash of a wallet's external id.</summary>
    Alias = 5,
}
