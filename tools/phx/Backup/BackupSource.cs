using PhoenixCore.Journal;
using PhoenixCore.Replication.State;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;

namespace PhoenixCore.Tools.Backup;

/// <summary>What of a data directory belongs into a backup: the journal as far as it is certainly durable, the newest sound snapshot within, and the small files.</summary>
/// <remarks>Of a directory at rest the lock is held, so that it stays at rest. Of a running server's the last group counts only once a later one says that it was durable.
/// Of a copy's only what it knows to be committed counts: the rest may still be cut.</remarks>
internal sealed class BackupSource : IDisposable
{
    private const string LockFile = "lock";
    private const string EpochFile = "epoch";
    private const string ShardPrefix = "shards/0/";
    private const int SnapshotTries = 3;

    private readonly DataDirectory _data;
    private readonly IDisposable? _held;

    private BackupSource(DataDirectory data, IDisposable? held) => (_data, _held) = (data, held);

    /// <summary>A server has the directory open.</summary>
    public bool IsRunning => _held is null;

    public Guid Shard => _data.Shard;

    public static BackupSource Open(string directory)
    {
        var data = DataDirectory.Open(directory);
        try
        {
            data.OpenArchive().Dispose(); // refuses where a server would: the control slot may know of more than is there
            return new BackupSource(data, data.Storage.Lock(LockFile));
        }
        catch (JournalLockedException)
        {
            return new BackupSource(data, null);
        }
    }

    /// <summary>Segments from the first on, each with the bytes that count.</summary>
    /// <remarks>They are looked at from the last to the first: a server that is running writes into the last one only, so each of the others is
    /// whole by the time that it is looked at.</remarks>
    /// <exception cref="ToolException">One is damaged, or one in between is missing.</exception>
    public IReadOnlyList<(SegmentReport Report, SegmentExtent Extent)> Segments()
    {
        var committed = Committed(); // before anything is looked at: it only grows
        var names = _data.Storage.List().Where(name => SegmentInspection.TryNumber(name, out _)).Order(StringComparer.Ordinal).ToArray();
        var found = new List<(SegmentReport Report, SegmentExtent Extent)>();
        SegmentReport? later = null;
        for (var i = names.Length - 1; i >= 0; i--)
        {
            var report = SegmentInspection.Inspect(_data.Storage, names[i], committed ?? ulong.MaxValue);
            if (later is null && report.Whole.Groups == 0 && i > 0) continue; // prepared
            Demand(report, later);
            var extent = later is null && IsRunning ? report.Attested : report.Whole;
            if (report.UpTo.End < extent.End) extent = report.UpTo;
            if (extent.Groups > 0) found.Add((report, extent));
            later = report;
        }

        found.Reverse();
        return found.Count > 0 ? found : throw new ToolException(ExitCode.NotFound, $"the journal in {_data.Path} holds nothing {(committed is null ? "durable" : "committed")} yet");
    }

    /// <summary>The newest one that proves whole and lies within; null = none does.</summary>
    public SnapshotInfo? Snapshot(ulong atMost)
    {
        foreach (var name in SnapshotNames.In(_data.Storage).Take(SnapshotTries))
        {
            if (!SnapshotNames.TryParse(name, out var sequence) || sequence > atMost) continue;
            try
            {
                using var reader = SnapshotReader.Open(_data.Storage, name, _data.Shard);
                reader.Prove();
                return reader.Info;
            }
            catch (Exception unusable) when (unusable is SnapshotUnusableException or JournalIoException)
            {
                // Damaged, or a running server has just removed it: the one before may do, and the journal is enough.
            }
        }

        return null;
    }

    /// <summary>Files beside journal and snapshot: promised epochs, and the data directory's own.</summary>
    public IEnumerable<(IJournalStorage Storage, string Name, string StoredName)> Others(bool withSealingKey)
    {
        yield return (_data.Storage, EpochFile, ShardPrefix + EpochFile);
        foreach (var (storage, folder, name) in SmallFiles.Of(_data, withSealingKey)) yield return (storage, name, folder.Length == 0 ? name : $"{folder}/{name}");
    }

    public IJournalStorage Storage => _data.Storage;

    public static string StoredName(string name) => ShardPrefix + name;

    public void Dispose() => _held?.Dispose();

    private ulong? Committed()
    {
        try
        {
            return ReplicaFile.CommittedIn(_data.Storage);
        }
        catch (InvalidDataException e)
        {
            throw new ToolException(ExitCode.DamagedData, e.Message);
        }
    }

    private static void Demand(SegmentReport report, SegmentReport? later)
    {
        var isBroken = report.Ending is SegmentEnding.HeaderUnreadable or SegmentEnding.DoesNotFollow or SegmentEnding.Malformed || (later is not null && report.Ending != SegmentEnding.Clean);
        if (isBroken) throw new ToolException(ExitCode.DamagedData, $"{report.Name} is damaged behind byte {report.Whole.End} ({report.Ending}): nothing was backed up; phx journal verify says more");
        if (later is not null && later.Number != report.Number + 1) throw new ToolException(ExitCode.DamagedData, $"{later.Name} follows {report.Name}: segments in between are missing");
    }
}
