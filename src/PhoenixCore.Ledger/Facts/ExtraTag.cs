namespace PhoenixCore.Ledger.Facts;

/// <summary>Tags of the texts that a part carries; stored, so numbers are added and never reused.</summary>
public enum ExtraTag : ushort
{
    None = 0,
    Reference = 1,

    /// <summary>Canonical JSON object.</summary>
    Metadata = 2,
    ExternalId = 3,
    Name = 4,
    HolderId = 5,

    /// <summary>Canonical JSON object, policy-visible, of a lot.</summary>
    Attributes = 6,

    /// <summary>Canonical JSON array, of a lot.</summary>
    Restrictions = 7,
    Intent = 8,
    Reason = 9,

    /// <summary>Unix nanoseconds, 8 bytes.</summary>
    EffectiveTime = 10,
    GroupKey = 11,
    RoundKey = 12,

    /// <summary>Who asked for it, where that is not the tenant's own credential.</summary>
    Actor = 13,

    /// <summary>16 bytes, drawn at <see cref="Ids.TextCipher"/>: the texts of this part that no rule reads are enciphered; absent = plain. Erasing the key erases them and leaves chain and amounts.</summary>
    TextKey = 14,

    /// <summary>A <see cref="Facts.ReturnedTerms"/>: terms of a lot that a reversal makes again; one item for each that is not plain.</summary>
    ReturnedTerms = 15,

    /// <summary>A <see cref="Facts.ReturnedLot"/>: what governs the lot of the <see cref="ReturnedTerms"/> before it; behind it the attributes' values and the restrictions' program.</summary>
    ReturnedLot = 16,

    /// <summary>Canonical JSON object: a policy's version as its author wrote it.</summary>
    PolicySource = 20,

    /// <summary>The same, compiled.</summary>
    PolicyProgram = 21,

    /// <summary>Attributes as values that rules can read.</summary>
    AttributeValues = 22,

    /// <summary>Restrictions, compiled.</summary>
    RestrictionProgram = 23,

    /// <summary>Canonical JSON object: the request's context.</summary>
    Context = 24,

    /// <summary>u64: the policy that the lot which a transfer or capture makes is given.</summary>
    LotPolicy = 25,

    /// <summary>u64: sequence of the fact that holds a wallet's name and metadata, where that is not the one that made it.</summary>
    TextsAt = 30,
}
