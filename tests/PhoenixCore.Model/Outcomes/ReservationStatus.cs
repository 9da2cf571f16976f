namespace PhoenixCore.Model;

/// <summary>The state of a reservation; all but the first are final.</summary>
public enum ReservationStatus
{
    /// <summary>Holds its slices.</summary>
    Pending,

    /// <summary>Captured, wholly or in part.</summary>
    Committed,

    /// <summary>Given back by request.</summary>
    Released,

    /// <summary>Given back because time passed.</summary>
    Expired,
}
