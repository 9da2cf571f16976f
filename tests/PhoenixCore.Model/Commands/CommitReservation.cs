using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>Captures a reservation. Amount null: all that it holds. To null: <c>system:consumption</c>.</summary>
public sealed record CommitReservation(int Reservation, BigInteger? Amount, string? To) : ModelCommand
{
    /// <summary>False: what is not captured stays held.</summary>
    public bool Final { get; init; } = true;

    /// <summary>Terms of the lot that all of it arrives in; null: each slice's own.</summary>
    public Terms? Destination { get; init; }

    /// <summary>The policy of that lot; null: none. Only with <see cref="Destination"/>.</summary>
    public int? DestinationPolicy { get; init; }

    /// <summary>What it tells policies.</summary>
    public PolicyInput Input { get; init; } = PolicyInput.None;

    /// <inheritdoc/>
    public override string Describe() => $"CommitReservation({Reservation}, {Amount}, to={To}, final={Final}, into={Destination?.Describe()}{(DestinationPolicy is null ? "" : $" policy={DestinationPolicy}")}){Input.Describe()}";
}
