using System.Globalization;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Inspect;

/// <summary>phx journal ls and inspect: files that explain themselves. They take no lock, so they work beside a running server too.</summary>
internal static class SegmentList
{
    public static int List(string directory, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        var names = data.Storage.List().Where(name => SegmentInspection.TryNumber(name, out _)).Order(StringComparer.Ordinal).ToArray();
        return Show([.. names.Select(name => SegmentInspection.Inspect(data.Storage, name))], data, json, console);
    }

    /// <param name="path">A segment's or a snapshot's file.</param>
    public static int File(string path, bool json, ToolConsole console)
    {
        if (!System.IO.File.Exists(path)) throw new ToolException(ExitCode.NotFound, $"there is no file {path}");
        var storage = new ReadOnlyStorage(new PosixStorage(Path.GetDirectoryName(Path.GetFullPath(path))!));
        var name = Path.GetFileName(path);
        if (SnapshotNames.TryParse(name, out _)) return Snapshot(storage, name, json, console);
        if (!SegmentInspection.TryNumber(name, out _)) throw new ToolException(ExitCode.Usage, $"{name} is neither a segment nor a snapshot");
        return Show([SegmentInspection.Inspect(storage, name)], null, json, console);
    }

    private static int Snapshot(ReadOnlyStorage storage, string name, bool json, ToolConsole console)
    {
        try
        {
            using var reader = SnapshotReader.Open(storage, name, null);
            reader.Prove();
            var info = reader.Info;
            if (json)
            {
                JsonLine.Write(console.Out, to =>
                {
                    to.WriteString("snapshot", info.Name);
                    to.WriteString("shard", info.Shard.ToString());
                    to.WriteNumber("sequence", info.Sequence);
                    to.WriteNumber("epoch", info.Epoch);
                    to.WriteTime("asOf", info.StampedAt);
                    to.WriteString("chain", info.Position.Chain.ToString());
                    to.WriteString("digest", info.Digest.ToString("x32", CultureInfo.InvariantCulture));
                    to.WriteNumber("bytes", info.Bytes);
                });
                return ExitCode.Ok;
            }

            console.Tables().Write(Tables.OfFacts().Row("snapshot", info.Name).Row("shard", info.Shard.ToString()).Row("sequence", $"{info.Sequence}, epoch {info.Epoch}").Row("as of", Stamp.Format(info.StampedAt))
                .Row("chain", info.Position.Chain.ToString()).Row("digest", info.Digest.ToString("x32", CultureInfo.InvariantCulture)).Row("bytes", info.Bytes.ToString("N0", CultureInfo.InvariantCulture)).Row("verdict", "ok"));
            return ExitCode.Ok;
        }
        catch (SnapshotUnusableException unusable)
        {
            throw new ToolException(ExitCode.DamagedData, unusable.Message);
        }
    }

    /// <summary>A tear is damage unless it is at the journal's end, where a crash may leave one.</summary>
    private static int Show(IReadOnlyList<SegmentReport> reports, DataDirectory? data, bool json, ToolConsole console)
    {
        var last = -1;
        for (var i = 0; i < reports.Count; i++) last = reports[i].Whole.Groups > 0 ? i : last;
        var table = Tables.WithColumns("segment", "sequences", "epochs", "from", "to", "groups", "records", "MiB", "side index", "verdict");
        var isDamaged = false;
        for (var i = 0; i < reports.Count; i++)
        {
            var verdict = VerdictOf(reports[i], isEnd: i >= last, out var isBad);
            isDamaged |= isBad;
            var hasIndex = data is not null && System.IO.File.Exists(Path.Combine(data.Path, Path.ChangeExtension(reports[i].Name, ".index")));
            if (json) JsonLine.Write(console.Out, to => WriteJson(to, reports[i], hasIndex, verdict, !isBad));
            else Row(table, reports[i], hasIndex, verdict);
        }

        if (!json) console.Tables().Write(table);
        return isDamaged ? ExitCode.DamagedData : ExitCode.Ok;
    }

    private static string VerdictOf(SegmentReport report, bool isEnd, out bool isBad)
    {
        isBad = report.Ending switch
        {
            SegmentEnding.Clean => false,
            SegmentEnding.Torn or SegmentEnding.Stray => !isEnd,
            _ => true,
        };
        if (!isBad && report.StrayAt < report.Whole.End)
        {
            isBad = true;
            return $"STRAY BYTES at byte {report.StrayAt}, where only zeros were ever written";
        }

        return report.Ending switch
        {
            SegmentEnding.Clean => report.Whole.Groups == 0 ? "prepared" : "ok",
            SegmentEnding.HeaderUnreadable => "THE FIRST PAGE IS DAMAGED",
            _ => $"{(isBad ? "DAMAGED" : "ends")} at byte {report.Whole.End}: {report.Ending}",
        };
    }

    private static void Row(Spectre.Console.Table table, SegmentReport report, bool hasIndex, string verdict)
    {
        var whole = report.Whole;
        table.Row(
            report.Name, whole.Records == 0 ? "-" : $"{whole.FirstSequence}..{whole.LastSequence}", whole.Groups == 0 ? "-" : $"{whole.FirstEpoch}..{whole.LastEpoch}",
            whole.FirstStampedAt == 0 ? "-" : Stamp.Format(whole.FirstStampedAt), whole.LastStampedAt == 0 ? "-" : Stamp.Format(whole.LastStampedAt),
            whole.Groups.ToString("N0", CultureInfo.InvariantCulture), whole.Records.ToString("N0", CultureInfo.InvariantCulture), (report.FileBytes / 1_048_576.0).ToString("F1", CultureInfo.InvariantCulture), hasIndex ? "yes" : "-", verdict);
    }

    private static void WriteJson(Utf8JsonWriter to, SegmentReport report, bool hasIndex, string verdict, bool isOk)
    {
        var whole = report.Whole;
        to.WriteString("segment", report.Name);
        to.WriteNumber("number", report.Number);
        to.WriteBoolean("ok", isOk);
        to.WriteString("verdict", verdict);
        to.WriteString("ending", report.Ending.ToString());
        to.WriteString("shard", report.Shard?.ToString());
        to.WriteNumber("firstSequence", whole.FirstSequence);
        to.WriteNumber("lastSequence", whole.LastSequence);
        to.WriteNumber("attestedSequence", report.Attested.LastSequence);
        to.WriteNumber("firstEpoch", whole.FirstEpoch);
        to.WriteNumber("lastEpoch", whole.LastEpoch);
        to.WriteTime("firstTime", whole.FirstStampedAt);
        to.WriteTime("lastTime", whole.LastStampedAt);
        to.WriteNumber("groups", whole.Groups);
        to.WriteNumber("records", whole.Records);
        to.WriteNumber("end", whole.End);
        to.WriteNumber("bytes", report.FileBytes);
        if (report.StrayAt is { } at) to.WriteNumber("strayAt", at);
        to.WriteNumber("preparedBytes", report.PreparedBytes);
        to.WriteString("chain", whole.Chain.ToString());
        to.WriteBoolean("indexed", hasIndex);
    }
}
