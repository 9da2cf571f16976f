using System.Numerics;

namespace PhoenixCore.Shard.History.Totals;

/// <summary>A sum of amounts that may pass 128 bits.</summary>
public struct Turnover
{
    private static readonly Int128 Spill = (Int128)1 << 125; // an amount of at most 10^38 − 1 may still be added to it
    private Int128 _recent;
    private BigInteger _rest;

    /// <summary>One that goes on from a sum.</summary>
    public Turnover(BigInteger total) => _rest = total;

    public readonly BigInteger Total => _rest + (BigInteger)_recent;

    /// <param name="amount">Zero to 10^38 − 1.</param>
    public void Add(Int128 amount)
    {
        _recent += amount;
        if (_recent < Spill) return;
        _rest += (BigInteger)_recent;
        _recent = 0;
    }
}
