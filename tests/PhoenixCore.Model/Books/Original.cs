using System.Numerics;

namespace PhoenixCore.Model.Books;

/// <summary>A credit, a transfer's leg or a capture to a wallet, kept so that it can be reversed.</summary>
internal sealed record Original(bool IsCredit, string From, string To, string Asset, IReadOnlyList<Arrival> Slices)
{
    /// <summary>What it was counted for; a reversal gives it back.</summary>
    public IReadOnlyList<Charge> Charges { get; init; } = [];

    /// <summary>Of a capture: what its reservation was counted for.</summary>
    public IReadOnlyList<Charge> Held { get; init; } = [];

    /// <summary>Of a capture: what it took above the held amount was counted for this.</summary>
    public IReadOnlyList<Charge> Excess { get; init; } = [];

    /// <summary>Counts of its reservation stay: others were captured from it too.</summary>
    public bool HeldCountsStay { get; init; }

    public BigInteger Reversed { get; init; }

    public BigInteger Left => Slices.Aggregate(BigInteger.Zero, (sum, slice) => sum + slice.Amount) - Reversed;
}
