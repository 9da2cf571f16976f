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

    PolicyPut = 40,
    PolicyStatusSet = 41,
    WalletPoliciesBound = 42,
    AssetPoliciesBound = 43,
}
