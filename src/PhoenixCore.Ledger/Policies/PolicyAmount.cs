namespace PhoenixCore.Ledger.Policies;

/// <summary>An amount in a rule: smallest units, or an exact decimal that each asset's scale turns into units.</summary>
/// <param name="Value">Units, or the decimal's digits.</param>
/// <param name="Decimals">0–18; −1 = the value is units.</param>
public readonly record struct PolicyAmount(Int128 Value, int Decimals = -1);
