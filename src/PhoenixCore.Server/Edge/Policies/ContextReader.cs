using System.Globalization;
using System.Text.Json;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>Flattens JSON objects into the names and values that rules compare.</summary>
internal static class ContextReader
{
    /// <summary>Members of the first object come before those of the second, so they count where both have a name.</summary>
    /// <returns>Null when there is nothing.</returns>
    /// <exception cref="PolicySyntaxException">There is more than rules may look at.</exception>
    public static byte[]? Read(byte[]? context, byte[]? metadata)
    {
        if (context is null && metadata is null) return null;
        var values = new List<(string, PolicyValue)>();
        Add(values, context);
        Add(values, metadata);
        if (values.Count == 0 && context is null) return null;
        return ValueBlob.Write(values, context is null ? 0 : ValueBlob.HasContext) ?? throw new PolicySyntaxException($"context and metadata hold more than {PolicyLimits.ValuesBytesMax} bytes of values");
    }

    /// <summary>False for a number that is no decimal of at most 38 digits with 18 after the point.</summary>
    public static bool TryReadNumber(string text, out Int128 number, out int decimals)
    {
        (number, decimals) = (0, 0);
        var exponentAt = text.IndexOfAny(['e', 'E']);
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        if (exponent is < -60 or > 60) return false;
        decimals -= exponent;
        while (decimals > 0 && digits.EndsWith('0') && digits.Length > 1 && digits[^2] != '-')
        {
            digits = digits[..^1];
            decimals--;
        }

        if (decimals < 0) (digits, decimals) = (digits + new string('0', -decimals), 0);
        if (decimals > PolicyLimits.DecimalsMax || digits.TrimStart('-').TrimStart('0').Length > 38) return false;
        return Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && Int128.Abs(number) <= LedgerLimits.UnitsMax;
    }

    private static void Add(List<(string, PolicyValue)> values, byte[]? json)
    {
        if (json is null) return;
        using var document = JsonDocument.Parse(json);
        Add(values, "", document.RootElement);
    }

    private static void Add(List<(string, PolicyValue)> values, string prefix, JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            var name = prefix + member.Name;
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object: Add(values, name + ".", member.Value); break;
                case JsonValueKind.String: values.Add((name, PolicyValue.OfText(member.Value.GetString()!))); break;
                case JsonValueKind.True or JsonValueKind.False: values.Add((name, PolicyValue.OfBoolean(member.Value.GetBoolean()))); break;
                case JsonValueKind.Number when TryReadNumber(member.Value.GetRawText(), out var number, out var decimals): values.Add((name, PolicyValue.OfNumber(number, decimals))); break;
            }
        }
    }
}
