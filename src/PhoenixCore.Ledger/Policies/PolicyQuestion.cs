namespace PhoenixCore.Ledger.Policies;

/// <summary>One operation as policies see it.</summary>
internal struct PolicyQuestion
{
    public PolicyOperation Operation;

    /// <summary>The question that the same command has asked before this one: what a limit counted then is not counted again.</summary>
    public PolicyOperation Before;

    /// <summary>Limits are silent: the reservation was counted.</summary>
    public bool IsCapture;

    /// <summary>A capture that carries value to another wallet, not as a wager.</summary>
    public bool CarriesAway;

    public ulong Wallet;
    public int WalletHandle;

    /// <summary>Number of the other wallet; 0 = none.</summary>
    public ulong Other;

    /// <summary>Of the whole operation.</summary>
    public Int128 Amount;

    /// <summary>Available and reserved of the wallet when it is done.</summary>
    public Int128 BalanceAfter;

    public readonly bool Leaves => Operation is PolicyOperation.Consume or PolicyOperation.TransferOut or PolicyOperation.Commit;

    public readonly bool Enters => Operation is PolicyOperation.Credit or PolicyOperation.TransferIn;
}
