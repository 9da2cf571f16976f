using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Status;

/// <summary>phx status: a running server in a few lines, or a directory at rest.</summary>
internal static class StatusCommand
{
    public static int OfServer(string address, bool json, ToolConsole console)
    {
        var look = ServerLook.At(address);
        var role = look["phoenix_shard_role{shard=\"0\"}"] == 1 ? "leader" : "recovering";
        return Show(
        [
            ("server", address), ("version", look.Version), ("state", look.Failing.Count == 0 ? "ready" : "not ready: " + string.Join(", ", look.Failing)), ("role", role),
            ("recovered", Percent(look["phoenix_recovery_progress_ratio{shard=\"0\"}"])), ("epoch", Text(look["phoenix_shard_epoch{shard=\"0\"}"])),
            ("appended", Cursor(look, "appended")), ("committed", Cursor(look, "committed")), ("answered", Cursor(look, "answered")), ("snapshot", Text(look["phoenix_snapshot_last_sequence{shard=\"0\"}"])),
            ("commands", Text(look.Sum("phoenix_commands_total"))), ("ring_used", Percent(look["phoenix_sequencer_ring_used_ratio{shard=\"0\"}"])),
            ("flush_p99_ms", (look.Quantile("phoenix_journal_flush_duration_seconds", 0.99) * 1_000).ToString("0.###", CultureInfo.InvariantCulture)),
            ("free_bytes", Text(look["phoenix_journal_free_bytes{shard=\"0\"}"])), ("tenants", Text(look["phoenix_tenants"])), ("wallets", Text(look["phoenix_wallets{shard=\"0\"}"])), ("webhook_backlog", Text(look["phoenix_webhook_backlog"])),
        ], json, console);
    }

    public static int OfDirectory(string directory, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        using var archive = data.OpenArchive();
        var report = archive.Report;
        return Show(
        [
            ("directory", data.Path), ("shard", data.Shard.ToString()), ("state", "at rest"), ("found", $"case {report.Letter}: {report.Explanation}"), ("epoch", Text(report.Epoch)), ("sequence", Text(report.LastSequence)),
            ("time", report.LastStampedAt == 0 ? "-" : Stamp.Format(report.LastStampedAt)), ("chain", report.Chain.ToString()), ("segments", Text(data.Segments)), ("segment_bytes", Text(data.SegmentBytes)),
            ("snapshots", string.Join(' ', SnapshotNames.In(data.Storage))), ("side_indexes", archive.IsIndexed ? "whole" : "missing some"),
        ], json, console);
    }

    private static int Show((string Name, string Value)[] facts, bool json, ToolConsole console)
    {
        if (json)
        {
            JsonLine.Write(console.Out, to =>
            {
                foreach (var (name, value) in facts) to.WriteString(name, value);
            });
            return ExitCode.Ok;
        }

        var table = Tables.OfFacts();
        foreach (var (name, value) in facts) table.Row(name.Replace('_', ' '), value);
        console.Tables().Write(table);
        return ExitCode.Ok;
    }

    private static string Cursor(ServerLook look, string cursor) => Text(look[$"phoenix_journal_sequence{{shard=\"0\",cursor=\"{cursor}\"}}"]);

    private static string Text(double? value) => value?.ToString("0", CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double? value) => value is { } share ? (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %" : "-";
}
