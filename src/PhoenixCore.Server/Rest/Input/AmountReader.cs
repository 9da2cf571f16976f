using System.Text;
using System.Text.Json;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Input;

/// <summary>Reads an amount in each form that callers write: an integer counts smallest units, a string with a point is a decimal, bare digits are the dialect's.</summary>
internal static class AmountReader
{
    private static readonly AmountError NotAnAmount = new("must be a positive number of at most 38 digits", IsBadAmount: true);
    private static readonly AmountError Fraction = new("must be an integer of smallest units or a string: fractions and exponents are not exact", IsBadAmount: false);
    private static readonly AmountError WrongType = new("must be an integer or a string", IsBadAmount: false);

    /// <param name="reader">Stands on the value; afterwards on its last token.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static AmountError? Read(ref Utf8JsonReader reader, bool bareDigitsAreUnits, bool mayBeNegative, out AmountInput amount, out bool isNegative)
    {
        (amount, isNegative) = (default, false);
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            reader.Skip();
            return WrongType;
        }

        var isNumber = reader.TokenType == JsonTokenType.Number;
        if (isNumber && reader.ValueSpan.IndexOfAny(".eE"u8) >= 0) return Fraction;
        var text = isNumber ? Encoding.ASCII.GetString(reader.ValueSpan) : reader.GetString()!;
        if (mayBeNegative && text.StartsWith('-'))
        {
            isNegative = true;
            text = text[1..];
        }

        return AmountInput.TryParse(text, isNumber || bareDigitsAreUnits, out amount) ? null : NotAnAmount;
    }
}
