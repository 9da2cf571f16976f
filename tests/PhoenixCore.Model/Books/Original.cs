using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>A credit, a transfer's leg or a capture to a wallet, kept so that it can be reversed.</summary>
internal sealed record Original(bool IsCredit, string From, string To, string Asset, IReadOnlyList<Arrival> Slices)
{
    public BigInteger Reversed { get; init; }

    public BigInteger Left => Slices.Aggregate(BigInteger.Zero, (sum, slice) => sum + slice.Amount) - Reversed;
}
