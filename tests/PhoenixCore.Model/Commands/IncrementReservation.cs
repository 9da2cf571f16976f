using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Sets more units aside under a reservation.</summary>
public sealed record IncrementReservation(int Reservation, BigInteger Amount, Selection Selection) : ModelCommand
{
    /// <summary>What it tells policies.</summary>
    public PolicyInput Input { get; init; } = PolicyInput.None;

    /// <inheritdoc/>
    public override string Describe() => $"IncrementReservation({Reservation}, {Amount}, {Selection.Describe()}){Input.Describe()}";
}
