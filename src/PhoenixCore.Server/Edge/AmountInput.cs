using System.Globalization;
using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge;

/// <summary>An amount as a caller wrote it: smallest units, or a decimal that only the asset's scale can turn into units.</summary>
public readonly record struct AmountInput
{
    private AmountInput(Int128 units, string? text) => (Units, Decimal, IsGiven) = (units, text, true);

    public bool IsGiven { get; }

    /// <summary>Smallest units; meaningful when <see cref="Decimal"/> is null.</summary>
    public Int128 Units { get; }

    /// <summary>Digits with an optional point, no sign.</summary>
    public string? Decimal { get; }

    public static AmountInput OfUnits(Int128 units) => new(units, null);

    /// <summary>A text of digits and at most one point; anything else, and more than 38 digits, is no amount.</summary>
    public static bool TryParse(string text, bool bareDigitsAreUnits, out AmountInput amount)
    {
        amount = default;
        var point = text.IndexOf('.');
        if (text.Length == 0 || text.Length > 39 || (point >= 0 && (point == 0 || point == text.Length - 1))) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (i != point && !char.IsAsciiDigit(text[i])) return false;
        }

        if (point >= 0 || !bareDigitsAreUnits)
        {
            amount = new AmountInput(0, text);
            return true;
        }

        if (text.Length > 38) return false;
        amount = new AmountInput(Int128.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), null);
        return true;
    }

    /// <summary>Units at a scale of 0–18; false when digits beyond the scale are not zero, or there are too many.</summary>
    public bool TryToUnits(int scale, out Int128 units)
    {
        units = Units;
        if (Decimal is not { } text) return true;

        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? "" : text[(point + 1)..];
        if (fraction.AsSpan(Math.Min(scale, fraction.Length)).ContainsAnyExcept('0')) return false;
        var digits = whole + fraction[..Math.Min(scale, fraction.Length)].PadRight(scale, '0');
        digits = digits.TrimStart('0');
        if (digits.Length > 38) return false;
        units = digits.Length == 0 ? 0 : Int128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return units <= LedgerLimits.UnitsMax;
    }
}
