namespace PhoenixCore.Model;

/// <summary>Moves the expiry of a reservation, forth or back. ExpiresAt in unix nanoseconds.</summary>
public sealed record ExtendReservation(int Reservation, long ExpiresAt) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"ExtendReservation({Reservation}, {ExpiresAt})";
}
