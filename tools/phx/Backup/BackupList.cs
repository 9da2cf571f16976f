using System.Globalization;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Backup;

/// <summary>phx backup ls, and how backups are shown.</summary>
internal static class BackupList
{
    public static int Run(string target, bool json, ToolConsole console)
    {
        var store = BackupStore.Open(target, make: false);
        return Show(store.Ids().Select(id => Look(store, id)), json, console);
    }

    /// <returns><see cref="ExitCode.DamagedData"/> when one has a fault.</returns>
    public static int Show(IEnumerable<(BackupManifest Manifest, BackupProof? Proof, string? Fault)> backups, bool json, ToolConsole console)
    {
        var rows = backups.ToArray();
        if (json)
        {
            foreach (var row in rows) WriteJson(row, console.Out);
        }
        else
        {
            var table = Tables.WithColumns("backup", "kind", "facts", "as of", "MiB", "new MiB", "proven", "verdict");
            foreach (var (manifest, proof, fault) in rows)
            {
                table.Row(
                    manifest.Id, manifest.Kind, string.Create(CultureInfo.InvariantCulture, $"{manifest.FirstSequence}..{manifest.LastSequence}"), manifest.LastTime, Mebibytes(manifest.Bytes), Mebibytes(manifest.NewBytes),
                    proof?.ProvenAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "never", fault ?? "ok");
            }

            console.Tables().Write(table);
        }

        return rows.Any(row => row.Fault is not null) ? ExitCode.DamagedData : ExitCode.Ok;
    }

    private static (BackupManifest Manifest, BackupProof? Proof, string? Fault) Look(BackupStore store, string id)
    {
        try
        {
            return (store.Read(id), store.ReadProof(id), null);
        }
        catch (ToolException damaged)
        {
            return (new BackupManifest(0, id, default, default, "?", false, 0, 0, "-", "-", 0, 0, []), null, damaged.Message);
        }
    }

    private static string Mebibytes(long bytes) => (bytes / 1_048_576.0).ToString("F1", CultureInfo.InvariantCulture);

    private static void WriteJson((BackupManifest Manifest, BackupProof? Proof, string? Fault) row, TextWriter output) => JsonLine.Write(output, json =>
    {
        var manifest = row.Manifest;
        json.WriteString("id", manifest.Id);
        json.WriteBoolean("ok", row.Fault is null);
        json.WriteString("fault", row.Fault);
        json.WriteString("kind", manifest.Kind);
        json.WriteBoolean("wasRunning", manifest.WasRunning);
        json.WriteString("shard", manifest.Shard.ToString());
        json.WriteNumber("firstSequence", manifest.FirstSequence);
        json.WriteNumber("lastSequence", manifest.LastSequence);
        json.WriteString("lastTime", manifest.LastTime);
        json.WriteString("chain", manifest.Chain);
        json.WriteNumber("bytes", manifest.Bytes);
        json.WriteNumber("newBytes", manifest.NewBytes);
        json.WriteNumber("files", manifest.Files.Count);
        json.WriteString("provenAt", row.Proof?.ProvenAt.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("digest", row.Proof?.Digest);
    });
}
