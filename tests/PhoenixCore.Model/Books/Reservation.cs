using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Books;

/// <summary>An amount held in named lots, in the order they were taken.</summary>
internal sealed record Reservation(int Id, string Wallet, string Asset, long CreatedAt, long ExpiresAt, ReservationStatus Status, IReadOnlyList<Slice> Slices)
{
    /// <summary>What it was made with.</summary>
    public required BigInteger First { get; init; }

    /// <summary>By all captures so far.</summary>
    public BigInteger Captured { get; init; }

    /// <summary>By all partial releases so far; the end of the reservation is not counted.</summary>
    public BigInteger Released { get; init; }

    /// <summary>What it was asked with: its intent, context and metadata.</summary>
    public required PolicyInput Input { get; init; }

    /// <summary>What limits have counted of it.</summary>
    public IReadOnlyList<Charge> Charges { get; init; } = [];

    public bool Pending => Status == ReservationStatus.Pending;

    public BigInteger Held => Slices.Aggregate(BigInteger.Zero, (sum, slice) => sum + slice.Amount);
}
