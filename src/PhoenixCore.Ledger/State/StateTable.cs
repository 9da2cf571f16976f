namespace PhoenixCore.Ledger.State;

/// <summary>The tables of the state by the numbers that snapshots know them by. Added, never changed; their order is that of the file and of the digest.</summary>
public enum StateTable
{
    Scalars = 1,
    Finished = 2,
    Tenants = 3,
    Assets = 4,
    Wallets = 5,

    /// <summary>With the first lot of each.</summary>
    Accounts = 6,
    Lots = 7,
    Bounds = 8,
    Terms = 9,
    Reservations = 10,
    Slices = 11,
    Totals = 12,
    Memos = 13,
    Policies = 14,
    PolicyVersions = 15,
    Bindings = 16,
    Counters = 17,

    /// <summary>The ring of idempotency keys.</summary>
    Keys = 18,

    /// <summary>Rows of 64 bytes; each larger class has the next number.</summary>
    Blobs = 32,

    /// <summary>From here on: derived, or hints; not part of the digest.</summary>
    Derived = 64,
    TimerNodes = 64,
    TimerBuckets = 65,
    AccountIndex = 66,
    WalletIndex = 67,
    AliasIndex = 68,
    ReservationIndex = 69,
    TermsIndex = 70,
    AssetIndex = 71,
    MemoIndex = 72,
    PolicyIndex = 73,
    CounterIndex = 74,
}
