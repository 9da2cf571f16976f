using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Captures a reservation. Amount null: all that it holds. To null: <c>system:consumption</c>.</summary>
public sealed record CommitReservation(int Reservation, BigInteger? Amount, string? To) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"CommitReservation({Reservation}, {Amount}, to={To})";
}
