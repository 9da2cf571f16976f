namespace PhoenixCore.Server.Grpc.Wire;

/// <summary>What a field of a message means for a raw operation.</summary>
internal enum Slot : byte
{
    /// <summary>Not known: stepped over.</summary>
    None,
    KeyText,
    Reference,
    Wallet,
    Destination,
    Reservation,
    Asset,
    Units,
    UnitsHigh,
    ExpiresAt,
    Selection,

    /// <summary>An Amount message.</summary>
    Amount,

    /// <summary>Known, but not to the raw form: the generated parser takes the message.</summary>
    Other,
}
