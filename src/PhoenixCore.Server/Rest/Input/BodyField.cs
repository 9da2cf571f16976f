namespace PhoenixCore.Server.Rest.Input;

/// <summary>The members that bodies may have. Each name of a member belongs to one of these.</summary>
[Flags]
internal enum BodyField : long
{
    None = 0,
    Wallet = 1 << 0,
    From = 1 << 1,
    To = 1 << 2,
    Reservation = 1 << 3,
    Amount = 1 << 4,
    Asset = 1 << 5,
    ExpiresAt = 1 << 6,
    ExpiresIn = 1 << 7,
    Lot = 1 << 8,
    LotSelection = 1 << 9,
    Legs = 1 << 10,
    Operations = 1 << 11,
    Code = 1 << 12,
    Scale = 1 << 13,
    Pooled = 1 << 14,
    Floor = 1 << 15,
    Ceiling = 1 << 16,
    ExternalId = 1 << 17,
    Policies = 1 << 18,
    Final = 1 << 19,
    KeyText = 1 << 20,
    Close = 1 << 21,
    Type = 1 << 22,

    Context = 1L << 40,
    Policy = 1L << 41,

    // Texts that change no decision: where they do not belong they are ignored, like any unknown member.
    HolderId = 1 << 23,
    Name = 1 << 24,
    Reference = 1 << 25,
    Intent = 1 << 26,
    Reason = 1 << 27,
    Metadata = 1 << 28,

    DestinationLot = 1 << 29,

    /// <summary>Of a lot that is changed; elsewhere attributes are ignored.</summary>
    Attributes = 1 << 30,

    Texts = HolderId | Name | Reference | Intent | Reason | Metadata,
}
