namespace PhoenixCore.Ledger;

/// <summary>Rows in use, and the bytes of the tables that find them.</summary>
public readonly record struct LedgerCounts(int Wallets, int Accounts, int Lots, int Reservations, int Timers, long KeyTableBytes, long IndexBytes)
{
    public const int WalletBytes = 96;
    /// <summary>With the place of its own lot.</summary>
    public const int AccountBytes = 256;

    /// <summary>Of each lot beyond the account's own.</summary>
    public const int LotBytes = 128;
    public const int ReservationBytes = 128;
    public const int TimerBytes = 40;
}
