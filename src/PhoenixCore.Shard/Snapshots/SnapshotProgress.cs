namespace PhoenixCore.Shard.Snapshots;

/// <summary>How far a snapshot is. Default: none was begun.</summary>
public sealed record SnapshotProgress
{
    public bool IsRunning { get; init; }

    public long BytesTotal { get; init; }

    public long BytesDone { get; init; }

    /// <summary>Of the state, copied aside before their first change.</summary>
    public long CopiedBytes { get; init; }

    /// <summary>How long writes were watched.</summary>
    public double CopyMilliseconds { get; init; }
}
