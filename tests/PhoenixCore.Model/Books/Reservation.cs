using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>An amount held in named lots, in the order they were taken.</summary>
internal sealed record Reservation(int Id, string Wallet, string Asset, long ExpiresAt, ReservationStatus Status, IReadOnlyList<Slice> Slices)
{
    public BigInteger Held => Slices.Aggregate(BigInteger.Zero, (sum, slice) => sum + slice.Amount);
}
