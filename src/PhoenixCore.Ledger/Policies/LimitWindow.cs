namespace PhoenixCore.Ledger.Policies;

/// <summary>How long a limit counts. Numbers are stored in programs: added, never reused.</summary>
public enum LimitWindow : byte
{
    /// <summary>One operation: no counter.</summary>
    Transaction = 0,
    Day = 1,

    /// <summary>From Monday.</summary>
    Week = 2,
    Month = 3,
    Lifetime = 4,

    /// <summary>Buckets of a given length from the epoch.</summary>
    Duration = 5,
}
