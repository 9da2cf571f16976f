namespace PhoenixCore.Ledger.Policies;

/// <summary>Numbers are stored in programs: added, never reused.</summary>
public enum ConditionOperator : byte
{
    None = 0,
    Equal = 1,
    NotEqual = 2,
    Greater = 3,
    GreaterOrEqual = 4,
    Less = 5,
    LessOrEqual = 6,
    In = 7,
    NotIn = 8,
    Contains = 9,
    Exists = 10,
}
