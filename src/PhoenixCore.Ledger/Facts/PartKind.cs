namespace PhoenixCore.Ledger.Facts;

/// <summary>The kinds of a fact and of its parts; stored, so numbers are added and never reused. A new meaning is a new kind.</summary>
public enum PartKind : ushort
{
    None = 0,
    EpochStarted = 1,
    TenantCreated = 2,
    AssetCreated = 3,
    AssetStatusSet = 4,
    WalletCreated = 5,
    WalletStatusSet = 6,
    BoundsSet = 7,
    Credited = 8,
    Transferred = 9,
    Debited = 10,
    Reserved = 11,
    Committed = 12,
    Released = 13,
    ReservationExpired = 14,
    LotExpired = 15,

    /// <summary>A refusal that a key must remember.</summary>
    Refused = 16,

    /// <summary>A tombstone: the key can never be applied.</summary>
    KeyClosed = 17,

    /// <summary>The record's kind when a fact has several parts (legs, atomic batch).</summary>
    Batch = 18,

    /// <summary>More is held.</summary>
    ReservationIncremented = 19,
    ReservationExtended = 20,

    /// <summary>A capture that is more than <see cref="Committed"/>: it leaves something pending, or the reservation had been changed before, or terms were given.</summary>
    Captured = 21,

    /// <summary>A release that is more than <see cref="Released"/>: it leaves something pending, or the reservation had been changed before.</summary>
    Returned = 22,
    LotUpdated = 23,

    /// <summary>A lot that had expired was to be expired: nothing happened.</summary>
    LotExpiryRepeated = 24,
    CreditReversed = 25,
    TransferReversed = 26,

    /// <summary>A transfer into one new lot with terms of its own.</summary>
    TransferredInto = 27,

    /// <summary>Expiry of a reservation that had been changed.</summary>
    ChangedReservationExpired = 28,

    /// <summary>An operator did something to a tenant or its credentials; who and why stand in the texts.</summary>
    AdminActed = 32,

    /// <summary>Which copies of the shard have a vote; the books know nothing of it.</summary>
    MembersChanged = 33,

    PolicyPut = 40,
    PolicyStatusSet = 41,

    /// <summary>No longer written: <see cref="WalletUpdated"/> says more.</summary>
    WalletPoliciesBound = 42,
    AssetPoliciesBound = 43,

    /// <summary>Its name, metadata or policies.</summary>
    WalletUpdated = 44,

    /// <summary>Its name, metadata or scale.</summary>
    AssetUpdated = 45,
}
