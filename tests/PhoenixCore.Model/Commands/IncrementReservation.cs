using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Sets more units aside under a reservation.</summary>
public sealed record IncrementReservation(int Reservation, BigInteger Amount, Selection Selection) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"IncrementReservation({Reservation}, {Amount}, {Selection.Describe()})";
}
