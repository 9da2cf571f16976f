namespace PhoenixCore.Shard.History.Totals;

/// <summary>The lines of a trial balance.</summary>
public enum AccountClass
{
    SystemLiability = 0,
    SystemConsumption = 1,
    SystemBreakage = 2,
    SystemAdjustment = 3,

    /// <summary>What all other wallets have available.</summary>
    WalletsAvailable = 4,

    /// <summary>What all other wallets have reserved.</summary>
    WalletsReserved = 5,
}
