namespace PhoenixCore.Model.Policies;

/// <summary>The state of a policy.</summary>
public enum PolicyStatus
{
    /// <summary>Can be bound.</summary>
    Active,

    /// <summary>Enforced where it is bound.</summary>
    Deprecated,

    /// <summary>Denies.</summary>
    Inactive,
}
