using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Snapshots;

/// <summary>phx snapshot ls and verify: what lies in a directory at rest.</summary>
internal static class SnapshotCommands
{
    public static int List(string directory, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        return Show(SnapshotNames.In(data.Storage).Select(name => Look(data, name)).ToList(), json, console);
    }

    /// <summary>Proves bytes, hash and digest, and that the journal has the chain's value at that sequence.</summary>
    public static int Verify(string directory, string? name, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        var names = SnapshotNames.In(data.Storage).Where(found => name is null || found == name).ToList();
        if (names.Count == 0) throw new ToolException(ExitCode.NotFound, name is null ? $"there is no snapshot in {data.Path}" : $"there is no snapshot {name} in {data.Path}");
        using var archive = data.OpenArchive();
        return Show(names.Select(found => Prove(data, archive.Reader, found, console)).ToList(), json, console);
    }

    private static SnapshotFinding Look(DataDirectory data, string name)
    {
        try
        {
            using var reader = SnapshotReader.Open(data.Storage, name, data.Shard);
            return new SnapshotFinding(name, reader.Info, null);
        }
        catch (SnapshotUnusableException unusable)
        {
            return new SnapshotFinding(name, null, unusable.Message);
        }
    }

    private static SnapshotFinding Prove(DataDirectory data, JournalReader journal, string name, ToolConsole console)
    {
        try
        {
            using var reader = SnapshotReader.Open(data.Storage, name, data.Shard);
            ProgressBar.Run(console, name, () => reader.Fraction, () =>
            {
                reader.Prove();
                return true;
            });
            var info = reader.Info;
            var fault = !journal.TryReadPosition(info.Sequence, out var position, out _) ? $"no run of the journal ends at sequence {info.Sequence}."
                : position.Chain != info.Position.Chain ? $"its chain value is {info.Position.Chain}, the journal has {position.Chain} at sequence {info.Sequence}."
                : null;
            return new SnapshotFinding(name, info, fault);
        }
        catch (SnapshotUnusableException unusable)
        {
            return new SnapshotFinding(name, null, unusable.Message);
        }
    }

    private static int Show(List<SnapshotFinding> findings, bool json, ToolConsole console)
    {
        if (json)
        {
            foreach (var finding in findings) WriteJson(finding, console.Out);
        }
        else
        {
            var table = Tables.WithColumns("snapshot", "sequence", "as of", "epoch", "MiB", "digest", "verdict");
            foreach (var (name, info, fault) in findings)
            {
                table.Row(
                    name, info?.Sequence.ToString(CultureInfo.InvariantCulture) ?? "-", info is null ? "-" : Stamp.Format(info.StampedAt), info?.Epoch.ToString(CultureInfo.InvariantCulture) ?? "-",
                    info is null ? "-" : (info.Bytes / 1_048_576.0).ToString("F1", CultureInfo.InvariantCulture), info?.Digest.ToString("x32", CultureInfo.InvariantCulture) ?? "-", fault ?? "ok");
            }

            console.Tables().Write(table);
        }

        return findings.Exists(finding => finding.Fault is not null) ? ExitCode.DamagedData : ExitCode.Ok;
    }

    private static void WriteJson(SnapshotFinding finding, TextWriter output) => JsonLine.Write(output, to =>
    {
        to.WriteString("id", finding.Name);
        to.WriteBoolean("ok", finding.Fault is null);
        to.WriteString("fault", finding.Fault);
        if (finding.Info is not { } info) return;
        to.WriteNumber("sequence", info.Sequence);
        to.WriteNumber("epoch", info.Epoch);
        to.WriteTime("asOf", info.StampedAt);
        to.WriteString("chain", info.Position.Chain.ToString());
        to.WriteString("digest", info.Digest.ToString("x32", CultureInfo.InvariantCulture));
        to.WriteString("sha256", info.Hash);
        to.WriteNumber("bytes", info.Bytes);
    });

    /// <param name="Info">Null when the first page is not whole.</param>
    /// <param name="Fault">Null = nothing was found wrong.</param>
    private sealed record SnapshotFinding(string Name, SnapshotInfo? Info, string? Fault);
}
