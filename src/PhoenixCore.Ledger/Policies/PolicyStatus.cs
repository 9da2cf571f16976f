namespace PhoenixCore.Ledger.Policies;

/// <summary>Numbers are stored in facts.</summary>
public enum PolicyStatus : byte
{
    Active = 0,

    /// <summary>Enforced where it is bound; cannot be bound anew.</summary>
    Deprecated = 1,

    /// <summary>Denies what it governs.</summary>
    Inactive = 2,
}
