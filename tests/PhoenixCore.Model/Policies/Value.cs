using System.Numerics;

namespace PhoenixCore.Model.Policies;

/// <summary>What a name of a context or an attribute stands for.</summary>
public abstract record Value;

/// <summary>Compared byte by byte.</summary>
public sealed record TextValue(string Text) : Value;

/// <summary>Digits × 10^−Decimals.</summary>
public sealed record NumberValue(BigInteger Digits, int Decimals = 0) : Value;

/// <summary>Yes or no.</summary>
public sealed record FlagValue(bool Yes) : Value;

/// <summary>A wallet by its external id; it need not exist.</summary>
public sealed record WalletValue(string ExternalId) : Value;
