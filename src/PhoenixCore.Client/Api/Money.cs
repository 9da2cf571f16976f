using System.Globalization;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Api;

/// <summary>An exact amount of one asset. Never a binary fraction, and no arithmetic that rounds.</summary>
/// <param name="Units">Smallest units: at scale 2, 1050 is 10.50. Within ±(10^38 − 1).</param>
/// <param name="Scale">Decimals of the asset, 0 to 18. The server counts units; <see cref="AssetCalls.MoneyAsync"/> takes the scale from it.</param>
/// <param name="Asset">Code of the asset; in requests empty means the wallet's default asset.</param>
public readonly record struct Money(Int128 Units, int Scale, string Asset)
{
    private const int ScaleMax = 18;
    private const int DigitsMax = 38;
    private static readonly Int128 UnitsEnd = Int128.Parse("1" + new string('0', DigitsMax), CultureInfo.InvariantCulture);

    /// <summary>Reads digits with at most one point, such as 10.5.</summary>
    /// <exception cref="FormatException">It is no number, has more decimals than the asset, or more than 38 digits.</exception>
    public static Money Parse(string text, int scale, string asset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, ScaleMax);
        var digits = text.StartsWith('-') ? text[1..] : text;
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (digits, "") : (digits[..point], digits[(point + 1)..].TrimEnd('0'));
        if (whole.Length == 0 || (point >= 0 && point == digits.Length - 1) || !(whole + fraction).All(char.IsAsciiDigit)) throw new FormatException($"{text} is no amount");
        if (fraction.Length > scale) throw new FormatException($"{text} has more than {scale} decimals");
        var all = (whole + fraction.PadRight(scale, '0')).TrimStart('0');
        if (all.Length > DigitsMax) throw new FormatException($"{text} has more than {DigitsMax} digits");
        var units = all.Length == 0 ? 0 : Int128.Parse(all, NumberStyles.None, CultureInfo.InvariantCulture);
        return new Money(text.StartsWith('-') ? -units : units, scale, asset);
    }

    /// <exception cref="InvalidOperationException">The assets differ.</exception>
    /// <exception cref="OverflowException">The sum has more than 38 digits.</exception>
    public static Money operator +(Money a, Money b) => a with { Units = Bounded(checked(a.Units + b.Like(a).Units)) };

    /// <inheritdoc cref="op_Addition"/>
    public static Money operator -(Money a, Money b) => a with { Units = Bounded(checked(a.Units - b.Like(a).Units)) };

    /// <summary>The amount in whole units with all decimals, such as 10.50.</summary>
    public string ToDecimalString()
    {
        var digits = Int128.Abs(Units).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return (Units < 0 ? "-" : "") + (Scale == 0 ? digits : digits[..^Scale] + "." + digits[^Scale..]);
    }

    /// <summary>For people: 10.50 USD.</summary>
    public override string ToString() => $"{ToDecimalString()} {Asset}".TrimEnd();

    internal static Money From(Amount amount) => new(((Int128)amount.UnitsHigh << 64) + amount.Units, (int)amount.Scale, amount.Asset);

    internal static Money? FromOptional(Amount? amount) => amount is null ? null : From(amount);

    internal Amount ToAmount() => new() { Units = (ulong)(Units & ulong.MaxValue), UnitsHigh = (long)(Units >> 64), Asset = Asset ?? "" };

    private Money Like(Money other) =>
        Asset == other.Asset && Scale == other.Scale ? this : throw new InvalidOperationException($"{this} and {other} are not of one asset");

    private static Int128 Bounded(Int128 units) => Int128.Abs(units) < UnitsEnd ? units : throw new OverflowException($"an amount has at most {DigitsMax} digits");
}
