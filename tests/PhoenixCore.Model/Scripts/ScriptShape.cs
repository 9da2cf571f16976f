namespace PhoenixCore.Model.Scripts;

/// <summary>What a script looks like. Percentages are 0–100.</summary>
public sealed record ScriptShape
{
    /// <summary>Plain wallets kept alive beside <c>house_wallet</c>; a closed one is replaced.</summary>
    public int PlainWallets { get; init; } = 4;

    /// <summary>Pooled wallets kept alive beside <c>house_wallet</c>.</summary>
    public int PooledWallets { get; init; } = 1;

    /// <summary>No empty wallet is closed after so many wallets were ever made.</summary>
    public int WalletsEverMax { get; init; } = 40;

    /// <summary>The stamp that steps count up from, unix nanoseconds.</summary>
    public long FirstStamp { get; init; } = 1_000;

    /// <summary>Nanoseconds in which expiries and deadlines are counted.</summary>
    public long TimeUnit { get; init; } = 1;

    /// <summary>How often a choice is made wrong on purpose.</summary>
    public int SpoilPercent { get; init; } = 6;

    /// <summary>How many commands carry a key.</summary>
    public int KeyPercent { get; init; } = 35;

    /// <summary>Of those with a key, how many use one that was used before.</summary>
    public int UsedKeyPercent { get; init; } = 20;

    /// <summary>Keyed commands that may come back: the last ones.</summary>
    public int KeysKept { get; init; } = 24;

    /// <summary>How many commands carry a deadline; a third of these are past.</summary>
    public int DeadlinePercent { get; init; } = 6;

    /// <summary>One step in so many starts the dust episode, where an account has more lots than one operation may touch; 0: never.</summary>
    public int DustOnceIn { get; init; } = 6_000;

    /// <summary>One step in so many starts to retire a plain wallet: empty it, then close it; 0: never.</summary>
    public int RetireOnceIn { get; init; } = 500;

    /// <summary>Amounts up to 10^38 − 1, in an asset of their own.</summary>
    public bool HugeAmounts { get; init; } = true;

    /// <summary>How many steps make, change or bind policies; above 0 the other commands speak to them too. 0: there are none.</summary>
    public int PolicyPercent { get; init; }

    /// <summary>Transfers are reversed too.</summary>
    public bool ReversesTransfers { get; init; } = true;

    /// <summary>One step in so many jumps by hours; 0: never.</summary>
    public int LongJumpOnceIn { get; init; }

    /// <summary>Operations in a batch also make and change assets, wallets and bounds.</summary>
    public bool AdminInBatches { get; init; }
}
