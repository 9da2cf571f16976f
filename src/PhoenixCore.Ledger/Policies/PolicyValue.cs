namespace PhoenixCore.Ledger.Policies;

/// <summary>A text, an exact decimal, yes or no, or the name of a wallet.</summary>
/// <remarks>A decimal is <see cref="Number"/> × 10^−<see cref="Decimals"/>: at most 38 digits, 0–18 decimals.</remarks>
public readonly record struct PolicyValue
{
    private PolicyValue(PolicyValueKind kind, string? text, Int128 number, int decimals) => (Kind, Text, Number, Decimals) = (kind, text, number, decimals);

    public PolicyValueKind Kind { get; }

    public string? Text { get; }

    /// <summary>The decimal's digits; 0 or 1; the wallet's number; the hash of its external id.</summary>
    public Int128 Number { get; }

    public int Decimals { get; }

    public static PolicyValue OfText(string text) => new(PolicyValueKind.Text, text, 0, 0);

    public static PolicyValue OfNumber(Int128 number, int decimals = 0) => new(PolicyValueKind.Number, null, number, decimals);

    public static PolicyValue OfBoolean(bool value) => new(PolicyValueKind.Boolean, null, value ? 1 : 0, 0);

    public static PolicyValue OfWallet(ulong number) => new(PolicyValueKind.Wallet, null, number, 0);

    /// <summary>A wallet by the keyed hash of its external id.</summary>
    public static PolicyValue OfAlias(ulong lo, ulong hi) => new(PolicyValueKind.Alias, null, unchecked((Int128)new UInt128(hi, lo)), 0);
}
