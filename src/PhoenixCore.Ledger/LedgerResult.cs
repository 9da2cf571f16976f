namespace PhoenixCore.Ledger;

/// <summary>What became of a command. Numbers are stored in facts: added, never reused.</summary>
public enum LedgerResult : ushort
{
    Accepted = 0,
    InvalidAmount = 1,
    WalletNotFound = 2,
    SystemWallet = 3,
    SameWallet = 4,
    AssetNotFound = 5,
    AssetRequired = 6,
    AssetInactive = 7,
    WalletClosed = 8,
    WalletFrozen = 9,
    WalletNotEmpty = 10,
    InsufficientBalance = 11,
    LotNotFound = 12,
    LotNotAvailable = 13,
    TooManyLots = 14,
    BalanceLimitExceeded = 15,
    BalanceWouldOverflow = 16,
    ReservationNotFound = 17,
    ReservationExpired = 18,
    ReservationNotActive = 19,
    CaptureExceedsReservation = 20,
    ExpiryInPast = 21,
    ExpiryTooFar = 22,
    PooledTerms = 23,
    BoundsInvalid = 24,
    DuplicateExternalId = 25,
    DuplicateAsset = 26,
    ScaleOutOfRange = 27,
    IdempotencyConflict = 28,
    IdempotencyKeyClosed = 29,
    DeadlineExceeded = 30,
    StorageFull = 31,
    TooManyOperations = 32,
    TenantNotFound = 33,
    DuplicateTenant = 34,

    /// <summary>A key that the ledger has never seen; the answer to a question about a key, never to a command.</summary>
    KeyUnknown = 35,

    /// <summary>An operation that cannot stand in a batch, or one of another tenant.</summary>
    OperationNotAllowed = 36,

    /// <summary>The clock jumped; nothing is stamped until an operator accepts the new time.</summary>
    ClockSuspect = 37,

    /// <summary>Not decided: the key may have been forgotten by memory and has to be looked up first. The shard does that; callers never see it.</summary>
    KeysNotSearched = 38,
    ReleaseExceedsReservation = 39,

    /// <summary>Not decided: this copy follows another, which takes what writes.</summary>
    NotLeader = 70,

    /// <summary>Not decided: too few copies are there to make it durable.</summary>
    NotEnoughReplicas = 71,

    /// <summary>Nothing, or less than asked for, is left of the original that was not reversed before.</summary>
    AlreadyReversed = 40,
    TransactionNotFound = 41,

    /// <summary>Not decided: what the command was made from has changed since. The edge makes it anew; no key remembers it.</summary>
    Outdated = 42,

    /// <summary>Lots or bounds are counted in the asset's scale.</summary>
    ScaleImmutable = 43,

    /// <summary>Metadata or attributes would pass their limits when merged; found before the command is sent.</summary>
    TextTooLarge = 44,

    /// <summary>Not decided: the reservation may have ended before the last that memory knows. The edge looks in the history and sends again; no key remembers it.</summary>
    EndingNotSearched = 45,

    /// <summary>A policy denies it; the answer names policy, version, rule and lot.</summary>
    PolicyViolation = 50,
    PolicyNotFound = 51,

    /// <summary>A policy that cannot be bound, or a version that cannot be.</summary>
    InvalidPolicy = 52,

    /// <summary>Only a suspended tenant can be erased.</summary>
    TenantNotSuspended = 60,

    /// <summary>It was erased, which nothing takes back.</summary>
    TenantErased = 61,
}
