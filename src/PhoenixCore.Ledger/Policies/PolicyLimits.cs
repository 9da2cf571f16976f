namespace PhoenixCore.Ledger.Policies;

/// <summary>Bounds of policies that are part of the contract.</summary>
public static class PolicyLimits
{
    /// <summary>Number of <c>pol_default</c>, which every tenant has: no fact makes it.</summary>
    public const ulong DefaultNumber = 1;

    public const int BindingsMax = 8;
    public const int RulesMax = 64;
    public const int RestrictionsMax = 16;
    public const int ConditionsMax = 16;
    public const int ListMax = 256;
    public const int RuleIdBytesMax = 64;
    public const int IntentBytesMax = 32;
    public const int TextBytesMax = 255;
    public const int PriorityMax = 1_000;
    public const int PriorityDefault = 100;

    /// <summary>Of an exact decimal.</summary>
    public const int DecimalsMax = 18;

    /// <summary>Of a percentage or a multiplier.</summary>
    public const int FractionDecimalsMax = 4;
    public const int MultiplierMax = 1_000_000;

    /// <summary>A compiled version.</summary>
    public const int ProgramBytesMax = 16_000;

    /// <summary>Names and values of one context, or of one lot's attributes.</summary>
    public const int ValuesBytesMax = 12_000;

    /// <summary>What policies may add to one operation's part of a fact.</summary>
    public const int ItemBytesMax = 16_384;
}
