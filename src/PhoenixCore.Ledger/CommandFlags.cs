namespace PhoenixCore.Ledger;

[Flags]
public enum CommandFlags : ushort
{
    None = 0,

    /// <summary>The wallet is named by the hash of its external id.</summary>
    WalletByAlias = 1,

    /// <summary>The other wallet is named by the hash of its external id.</summary>
    OtherByAlias = 2,

    /// <summary>CreateWallet: one lot per asset, no inherited terms. SetBounds: a floor is given.</summary>
    Pooled = 4,

    /// <summary>CommitReservation, ReleaseReservation, reversals: an amount is given; without it, all there is. UpdateAsset: a scale. UpdateLot: <c>Amount</c> says which terms the attributes were made from.</summary>
    HasAmount = 8,

    /// <summary>CommitReservation: a destination wallet is given.</summary>
    HasDestination = 16,

    /// <summary>SetAssetStatus: activate. Without it: deactivate.</summary>
    Activate = 32,

    /// <summary>KeyStatus: set a tombstone when the key is unknown.</summary>
    CloseKey = 64,

    /// <summary>CreateTenant: also make the pooled wallet <c>house_wallet</c>.</summary>
    WithHouse = 128,

    /// <summary>CommitReservation: what is not captured stays held.</summary>
    KeepRest = 512,

    /// <summary>CreateCredit: expiry, attributes, restrictions or a policy are given for the lot (a policy says so by itself as well). CreateTransfer, CommitReservation: all arrives in one new lot with exactly those terms.</summary>
    HasTerms = 256,

    HasKey = 1024,

    /// <summary>SetBounds: the floor is set (Amount); the ceiling is set (Ceiling).</summary>
    HasFloor = 2048,
    HasCeiling = 4096,

    /// <summary>ListWallets: the system's wallets too.</summary>
    IncludeSystem = 8192,

    /// <summary>UpdateWallet, UpdateAsset: name and metadata are given, as a whole. CreateTenant: its texts have a key of their own, outside the journal.</summary>
    HasTexts = 16384,

    /// <summary>An intent stands in the texts, or a context's values behind them (at the next multiple of 8: their length, four zeros, the values).</summary>
    HasPolicyInput = 32768,
}
