namespace PhoenixCore.Model;

/// <summary>Gives back what a reservation holds.</summary>
public sealed record ReleaseReservation(int Reservation) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"ReleaseReservation({Reservation})";
}
