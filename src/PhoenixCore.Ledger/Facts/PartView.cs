namespace PhoenixCore.Ledger.Facts;

/// <summary>What several kinds of parts have in common.</summary>
public static class PartView
{
    public static bool IsTransfer(this in FactPart part) => part.Kind is PartKind.Transferred or PartKind.TransferredInto || part.CaptureDestination() != 0;

    /// <summary>Number of the wallet that a capture paid; 0 = it was consumed, or the part is no capture.</summary>
    public static ulong CaptureDestination(this in FactPart part) => part.Kind switch
    {
        PartKind.Committed => part.Body<ReservationEndedBody>().Destination,
        PartKind.Captured => part.Body<CapturedBody>().Change.Destination,
        _ => 0,
    };

    /// <summary>Number of the reservation that the part changed or ended; 0 = none.</summary>
    public static ulong ChangedReservation(this in FactPart part) => part.Kind switch
    {
        PartKind.Committed or PartKind.Released or PartKind.ReservationExpired => part.Body<ReservationEndedBody>().Number,
        PartKind.Captured => part.Body<CapturedBody>().Change.Number,
        PartKind.ReservationIncremented or PartKind.ReservationExtended or PartKind.Returned or PartKind.ChangedReservationExpired => part.Body<ReservationChangedBody>().Number,
        _ => 0,
    };

    /// <summary>Status of the reservation after a part that <see cref="ChangedReservation"/> knows.</summary>
    public static ReservationStatus StatusAfter(this in FactPart part) => part.Kind switch
    {
        PartKind.Committed => ReservationStatus.Committed,
        PartKind.Released => ReservationStatus.Released,
        PartKind.ReservationExpired or PartKind.ChangedReservationExpired => ReservationStatus.Expired,
        PartKind.Captured when part.Body<CapturedBody>().Change.Held == 0 => ReservationStatus.Committed,
        PartKind.Returned when part.Body<ReservationChangedBody>().Held == 0 => ReservationStatus.Released,
        _ => ReservationStatus.Pending,
    };
}
