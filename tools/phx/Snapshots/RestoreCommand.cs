using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Snapshots;

/// <summary>phx snapshot restore: a new directory with a shard as it was at a sequence; a server started on it begins a new epoch there.</summary>
internal static class RestoreCommand
{
    private const string EpochFile = "epoch";

    public static int Run(string directory, string into, ulong? to, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        if (Directory.Exists(into) && Directory.EnumerateFileSystemEntries(into).Any()) throw new ToolException(ExitCode.Usage, $"{into} holds something already: a copy is made into a new directory only.");
        using var archive = data.OpenArchive();
        var last = archive.Report.LastSequence;
        if (to > last) throw new ToolException(ExitCode.NotFound, $"the journal ends at sequence {last}");
        var cut = archive.FindCut(to ?? last) ?? throw new ToolException(ExitCode.NotFound, $"no group of the journal ends at or before sequence {to ?? last}");
        var target = new PosixStorage(data.IsInside ? Path.Combine(into, "shards", "0") : into);
        var bytes = new FileCopy(target);
        var snapshot = Newest(data, archive.Reader, cut.Sequence);
        ProgressBar.Run(console, "copying", () => bytes.Copied / (double)Math.Max(1, data.SegmentBytes + (snapshot?.Bytes ?? 0)), () =>
        {
            Copy(data, cut, snapshot, bytes);
            return true;
        });
        if (data.IsInside) CopyCredentials(data, into);
        Show(into, cut, snapshot, bytes.Copied, json, console);
        return ExitCode.Ok;
    }

    /// <summary>Proven before it is copied.</summary>
    private static SnapshotInfo? Newest(DataDirectory data, JournalReader journal, ulong atMost)
    {
        foreach (var name in SnapshotNames.In(data.Storage))
        {
            if (!SnapshotNames.TryParse(name, out var sequence) || sequence > atMost) continue;
            try
            {
                using var reader = SnapshotReader.Open(data.Storage, name, data.Shard);
                reader.Prove();
                if (journal.TryReadPosition(sequence, out var position, out _) && position == reader.Info.Position) return reader.Info;
            }
            catch (SnapshotUnusableException)
            {
                // The one before may be sound, and the journal is enough.
            }
        }

        return null;
    }

    /// <summary>The control slot stays behind: it may attest what was cut.</summary>
    private static void Copy(DataDirectory data, JournalCut cut, SnapshotInfo? snapshot, FileCopy copy)
    {
        if (snapshot is not null) copy.Take(data.Storage, snapshot.Name, long.MaxValue);
        foreach (var name in data.Storage.List().Where(name => name.EndsWith(".segment", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var number = ulong.Parse(name.AsSpan(0, name.IndexOf('.', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            if (number <= cut.Segment) copy.Take(data.Storage, name, number == cut.Segment ? cut.Bytes : long.MaxValue);
        }

        copy.Take(data.Storage, EpochFile, long.MaxValue);
        copy.Finish();
    }

    /// <summary>With the keys that open what is sealed: the copy starts where the directory did. Webhooks' places belong to the directory that was.</summary>
    private static void CopyCredentials(DataDirectory data, string into)
    {
        foreach (var folder in SmallFiles.Of(data, withKeys: true).GroupBy(file => file.Folder))
        {
            var copy = new FileCopy(new PosixStorage(Path.Combine(into, folder.Key)));
            foreach (var (storage, _, name) in folder) copy.Take(storage, name, long.MaxValue);
            copy.Finish();
        }
    }

    private static void Show(string into, JournalCut cut, SnapshotInfo? snapshot, long bytes, bool json, ToolConsole console)
    {
        if (json)
        {
            JsonLine.Write(console.Out, to =>
            {
                to.WriteString("into", into);
                to.WriteNumber("sequence", cut.Sequence);
                to.WriteString("snapshot", snapshot?.Name);
                to.WriteNumber("bytes", bytes);
            });
            return;
        }

        console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"restored to sequence {cut.Sequence} in {into}, {bytes:N0} bytes, {(snapshot is null ? "without a snapshot" : $"with {snapshot.Name}")}"));
    }
}
