namespace PhoenixCore.Model.Policies;

/// <summary>How long a limit counts.</summary>
public enum LimitWindow
{
    /// <summary>One operation; no counter.</summary>
    Transaction,

    /// <summary>From midnight UTC.</summary>
    Day,

    /// <summary>From Monday, midnight UTC.</summary>
    Week,

    /// <summary>From the first, midnight UTC.</summary>
    Month,

    /// <summary>For ever.</summary>
    Lifetime,

    /// <summary>Buckets of a length, from the epoch.</summary>
    Duration,
}
