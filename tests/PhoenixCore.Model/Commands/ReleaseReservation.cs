using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Gives back what a reservation holds, or the last so much of it.</summary>
public sealed record ReleaseReservation(int Reservation) : ModelCommand
{
    /// <summary>Null: all of it.</summary>
    public BigInteger? Amount { get; init; }

    /// <inheritdoc/>
    public override string Describe() => $"ReleaseReservation({Reservation}, {Amount})";
}
