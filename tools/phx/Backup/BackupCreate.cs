using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Backup;

/// <summary>phx backup create.</summary>
internal static class BackupCreate
{
    public static int Run(string directory, string target, BackupOptions options, ToolConsole console)
    {
        using var source = BackupSource.Open(directory);
        var store = options.DryRun && !Directory.Exists(target) ? null : BackupStore.Open(target, make: !options.DryRun);
        var parent = options.Full || store is null || store.Ids().Count == 0 ? null : store.Read(null);
        if (parent is not null && parent.Shard != source.Shard) throw new ToolException(ExitCode.Usage, $"{target} holds backups of shard {parent.Shard}, and this is {source.Shard}: take another directory");
        var segments = source.Segments();
        var last = segments[^1].Extent;
        var sequence = segments.Max(segment => segment.Extent.LastSequence);
        var snapshot = source.Snapshot(sequence);
        var total = segments.Sum(segment => segment.Extent.End) + (snapshot?.Bytes ?? 0);
        var id = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd'T'HHmmssfff'Z'}-{sequence:D12}");
        var manifest = new BackupManifest(
            BackupManifest.FormatValue, id, DateTimeOffset.UtcNow, source.Shard, parent is null ? "full" : "incremental", source.IsRunning,
            segments[0].Extent.FirstSequence, sequence, Stamp.Format(segments.Max(segment => segment.Extent.LastStampedAt)), last.Chain.ToString(), total, 0, []);
        if (options.DryRun)
        {
            var known = parent is null ? 0 : segments.Where(segment => Known(parent, segment.Report.Name, segment.Extent.End) is not null).Sum(segment => segment.Extent.End);
            return BackupList.Show([(manifest with { NewBytes = total - known }, null, null)], options.Json, console);
        }

        manifest = ProgressBar.Run(console, "backing up", () => store!.Done / (double)Math.Max(1, total), () => Take(source, store!, parent, manifest, segments, snapshot, options.WithSealingKey));
        store!.Write(manifest);
        return BackupList.Show([(manifest, null, null)], options.Json, console);
    }

    private static BackupManifest Take(BackupSource source, BackupStore store, BackupManifest? parent, BackupManifest manifest, IReadOnlyList<(SegmentReport Report, SegmentExtent Extent)> segments, SnapshotInfo? snapshot, bool withSealingKey)
    {
        var files = new List<BackupFile>();
        var added = 0L;
        foreach (var (report, extent) in segments) Add(source.Storage, report.Name, BackupSource.StoredName(report.Name), extent.End);
        if (snapshot is not null) Add(source.Storage, snapshot.Name, BackupSource.StoredName(snapshot.Name), snapshot.Bytes);
        foreach (var (storage, name, storedName) in source.Others(withSealingKey))
        {
            using var file = storage.Open(name, JournalFileMode.Read);
            Put(storage, name, storedName, file.Length); // small, and may have changed: never taken over
        }

        return manifest with { Files = files, NewBytes = added, Bytes = files.Sum(file => file.Bytes) };

        void Add(IJournalStorage storage, string name, string storedName, long bytes)
        {
            if (parent is not null && Known(parent, name, bytes) is { } known && store.Holds(known)) files.Add(known);
            else Put(storage, name, storedName, bytes);
        }

        void Put(IJournalStorage storage, string name, string storedName, long bytes)
        {
            var (file, isNew) = store.Put(storage, name, storedName, bytes);
            files.Add(file);
            if (isNew) added += bytes;
        }
    }

    /// <summary>Durable bytes of a journal never change, so a segment or snapshot of the same length is the same.</summary>
    private static BackupFile? Known(BackupManifest parent, string name, long bytes) => parent.Files.FirstOrDefault(file => file.Name == BackupSource.StoredName(name) && file.Bytes == bytes);
}
