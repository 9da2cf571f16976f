using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge.History;

/// <summary>What has become of a reservation.</summary>
/// <param name="Captured">Smallest units that were taken so far.</param>
/// <param name="Returned">Smallest units that went back so far.</param>
/// <param name="Destination">Wallet that got what was captured; 0 = none, or consumption.</param>
/// <param name="Sequence">Of the fact that ended it; 0 while it is pending.</param>
/// <param name="Part">Place of the ending in that fact.</param>
/// <param name="Stamp">Unix nanoseconds of the ending.</param>
public readonly record struct ReservationOutcome(ReservationStatus Status, Int128 Captured, Int128 Returned, ulong Destination, ulong Sequence, int Part, long Stamp)
{
    /// <summary>While it is pending: what the live state says of it.</summary>
    public LiveReservation? Live { get; init; }
}
