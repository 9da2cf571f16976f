using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Backup;

/// <summary>phx backup restore: a new data directory, cut at a sequence or time where one is asked for. A server started on it begins a new epoch.</summary>
internal static class BackupRestore
{
    public static int Run(string target, string? id, string into, ulong? toSequence, string? toTime, bool dryRun, bool json, ToolConsole console)
    {
        if (toSequence is not null && toTime is not null) throw new ToolException(ExitCode.Usage, "--to-sequence and --to-time exclude each other.");
        if (Directory.Exists(into) && Directory.EnumerateFileSystemEntries(into).Any()) throw new ToolException(ExitCode.Usage, $"{into} holds something already: a backup is restored into a new directory only.");
        var stamp = 0L;
        if (toTime is not null && !Stamp.TryParse(toTime, out stamp)) throw new ToolException(ExitCode.Usage, $"--to-time takes a time such as 2026-11-20T13:59:00Z, not '{toTime}'.");
        var store = BackupStore.Open(target, make: false);
        var manifest = store.Read(id);
        if (toSequence > manifest.LastSequence) throw new ToolException(ExitCode.NotFound, $"backup {manifest.Id} ends at sequence {manifest.LastSequence}");
        if (dryRun) return BackupList.Show([(manifest, store.ReadProof(manifest.Id), null)], json, console);
        ProgressBar.Run(console, "restoring", () => store.Done / (double)Math.Max(1, manifest.Bytes), () =>
        {
            Fetch(store, manifest, into);
            return true;
        });
        var sequence = toSequence is null && toTime is null ? manifest.LastSequence : Cut(into, toSequence, toTime is null ? null : stamp);
        Show(manifest, into, sequence, json, console);
        return ExitCode.Ok;
    }

    /// <summary>Every byte is checked on its way.</summary>
    public static void Fetch(BackupStore store, BackupManifest manifest, string into)
    {
        foreach (var folder in manifest.Files.GroupBy(file => Path.GetDirectoryName(file.Name)!))
        {
            var path = Path.Combine(into, folder.Key);
            Directory.CreateDirectory(path);
            var storage = new PosixStorage(path);
            foreach (var file in folder) store.Get(file, storage, Path.GetFileName(file.Name));
            storage.SyncDirectory();
        }
    }

    /// <summary>Takes away what comes later, up to the end of a whole group.</summary>
    /// <returns>The last sequence that is left.</returns>
    private static ulong Cut(string into, ulong? toSequence, long? toStamp)
    {
        var data = DataDirectory.Open(into);
        JournalCut cut;
        using (var archive = data.OpenArchive())
        {
            var wanted = toSequence ?? 0;
            if (toStamp is { } stamp && !archive.Reader.TryFindSequenceAt(stamp, out wanted)) throw new ToolException(ExitCode.NotFound, "the first fact is later than that time");
            cut = archive.FindCut(wanted) ?? throw new ToolException(ExitCode.NotFound, $"no group of the journal ends at or before sequence {wanted}");
        }

        var storage = new PosixStorage(data.Path);
        foreach (var name in storage.List())
        {
            if (SegmentInspection.TryNumber(name, out var number))
            {
                if (number > cut.Segment) storage.Delete(name);
                if (number != cut.Segment) continue;
                using var file = storage.Open(name, JournalFileMode.ReadWrite);
                file.Truncate(cut.Bytes);
                file.Sync();
            }
            else if (SnapshotNames.TryParse(name, out var sequence) && sequence > cut.Sequence)
            {
                storage.Delete(name);
            }
        }

        storage.SyncDirectory();
        return cut.Sequence;
    }

    private static void Show(BackupManifest manifest, string into, ulong sequence, bool json, ToolConsole console)
    {
        if (json)
        {
            JsonLine.Write(console.Out, to =>
            {
                to.WriteString("into", into);
                to.WriteString("backup", manifest.Id);
                to.WriteNumber("sequence", sequence);
                to.WriteNumber("bytes", manifest.Bytes);
            });
            return;
        }

        console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"restored {manifest.Id} to sequence {sequence} in {into}, {manifest.Bytes:N0} bytes"));
    }
}
