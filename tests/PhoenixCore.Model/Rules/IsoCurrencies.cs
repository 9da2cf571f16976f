namespace PhoenixCore.Model.Rules;

/// <summary>The codes of ISO 4217 that scripts use; not the whole standard.</summary>
internal static class IsoCurrencies
{
    /// <summary>Decimal places by code.</summary>
    public static readonly IReadOnlyDictionary<string, int> Scales = new Dictionary<string, int>
    {
        ["EUR"] = 2,
        ["USD"] = 2,
        ["GBP"] = 2,
        ["CHF"] = 2,
        ["JPY"] = 0,
        ["KWD"] = 3,
    };
}
