namespace PhoenixCore.Journal.Simulation;

/// <summary>The ways in which a sync fails.</summary>
public enum SyncFailure
{
    /// <summary>An error; the cache keeps the new bytes and calls them clean, the disk keeps the old ones (ext4, XFS).</summary>
    CacheKept,

    /// <summary>An error; the cache goes back to the old bytes (Btrfs).</summary>
    CacheReverted,

    /// <summary>Success; nothing reached the disk, and the error comes with the next sync (data=journal).</summary>
    ReportedLate,

    /// <summary>Success; nothing reached the disk, and nobody ever says so: the disk lies.</summary>
    NeverReported,
}
