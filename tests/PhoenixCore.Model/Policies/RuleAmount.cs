using System.Numerics;

namespace PhoenixCore.Model.Policies;

/// <summary>An amount in a rule. Decimals null: smallest units; else digits × 10^−decimals, brought to the asset's scale.</summary>
public sealed record RuleAmount(BigInteger Digits, int? Decimals = null)
{
    /// <summary>Units at that scale; more digits than the scale has are rounded down, or up.</summary>
    public BigInteger Units(int scale, bool up)
    {
        if (Decimals is not { } decimals) return Digits;
        if (decimals <= scale) return Digits * BigInteger.Pow(10, scale - decimals);

        var divisor = BigInteger.Pow(10, decimals - scale);
        var units = BigInteger.DivRem(Digits, divisor, out var rest);
        return up && !rest.IsZero ? units + 1 : units;
    }
}
