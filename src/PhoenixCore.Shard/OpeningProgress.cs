using PhoenixCore.Journal;

namespace PhoenixCore.Shard;

/// <summary>How far the opening of a shard has come. The opening thread writes, any thread reads.</summary>
public sealed class OpeningProgress
{
    private long _snapshotBytes;
    private long _snapshotBytesDone;
    private volatile OpeningPhase _phase;

    public OpeningPhase Phase => _phase;

    /// <summary>Bytes of the snapshot that is being loaded; 0 = none is.</summary>
    public long SnapshotBytes => Volatile.Read(ref _snapshotBytes);

    public long SnapshotBytesDone => Volatile.Read(ref _snapshotBytesDone);

    /// <summary>The part behind the snapshot.</summary>
    public RecoveryProgress Journal { get; } = new();

    /// <summary>Of all bytes that are known to have to be read, 0 to 1.</summary>
    public double Share
    {
        get
        {
            var total = SnapshotBytes + Journal.BytesTotal;
            if (_phase == OpeningPhase.Open) return 1;
            return total == 0 ? 0 : Math.Min(1, (double)(SnapshotBytesDone + Journal.BytesDone) / total);
        }
    }

    internal void Enter(OpeningPhase phase) => _phase = phase;

    internal void BeginSnapshot(long bytes)
    {
        _phase = OpeningPhase.Snapshot;
        Volatile.Write(ref _snapshotBytesDone, 0);
        Volatile.Write(ref _snapshotBytes, bytes);
    }

    /// <summary>Any of the loading threads.</summary>
    internal void AdvanceSnapshot(long bytes) => Interlocked.Add(ref _snapshotBytesDone, bytes);
}
