using System.CommandLine;
using PhoenixCore.Tools.Backup;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx backup</c>.</summary>
internal static class BackupSyntax
{
    public static Command Build(ToolConsole console) => new("backup", "Backups of a data directory: full or incremental, of a running server or a directory at rest; verified, proven by a replay, restored to any sequence or time.")
    {
        Create(console),
        List(console),
        Verify(console),
        Restore(console),
    };

    private static Argument<string> Target() => new("backups") { Description = "Directory of backups." };

    private static Option<string?> Id() => new("--id") { Description = "Which backup. Default: the newest." };

    private static Command Create(ToolConsole console)
    {
        var (directory, json, output, dryRun) = (Shared.Directory(), Shared.Json("The backup as one JSON object."), Shared.Output(), Shared.DryRun());
        var to = new Option<string>("--to") { Description = "Directory of backups; made when it is missing.", Required = true };
        var full = new Option<bool>("--full") { Description = "Reads every byte again. Default: what the newest backup there holds is taken over." };
        var sealing = new Option<bool>("--with-sealing-key") { Description = $"With {SmallFiles.SealingKey}, which opens webhooks' secrets, and the keys of tenants' texts: keep such backups as safe as these, and no longer than an erased tenant's texts may last." };
        var command = new Command("create", "Copies snapshot and segments, as far as they are certainly durable, and the small files. Changes nothing in the data directory.") { directory, to, full, sealing, dryRun, json, output };
        command.SetAction(parsed => BackupCreate.Run(
            parsed.GetRequiredValue(directory), parsed.GetRequiredValue(to), new BackupOptions(parsed.GetValue(full), parsed.GetValue(sealing), parsed.GetValue(dryRun), Shared.IsJson(parsed, json, output)), console));
        return command;
    }

    private static Command List(ToolConsole console)
    {
        var (target, json, output) = (Target(), Shared.Json("One JSON object per backup."), Shared.Output());
        var command = new Command("ls", "Lists backups, newest first.") { target, json, output };
        command.SetAction(parsed => BackupList.Run(parsed.GetRequiredValue(target), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    private static Command Verify(ToolConsole console)
    {
        var (target, id, json, output) = (Target(), Id(), Shared.Json("One JSON object."), Shared.Output());
        var replay = new Option<bool>("--replay") { Description = "Restores it aside, replays every fact, audits the books, compares the snapshot's digest, and notes the proof." };
        var scratch = new Option<string?>("--scratch") { Description = "Where to restore it to for the replay; removed afterwards. Default: a temporary directory." };
        var keys = new Option<int>("--hot-keys") { Description = "Keys kept in memory, a power of two; the server's setting.", DefaultValueFactory = _ => 1 << 24 };
        var command = new Command("verify", "Reads every byte of a backup and compares its hashes; with --replay, proves that a ledger comes out of it.") { target, id, replay, scratch, keys, json, output };
        command.SetAction(parsed => BackupVerify.Run(
            parsed.GetRequiredValue(target), parsed.GetValue(id), parsed.GetValue(replay), parsed.GetValue(scratch), parsed.GetValue(keys), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    private static Command Restore(ToolConsole console)
    {
        var (target, id, json, output, dryRun) = (Target(), Id(), Shared.Json("One JSON object."), Shared.Output(), Shared.DryRun());
        var into = new Option<string>("--into") { Description = "Data directory to make; it must not hold anything.", Required = true };
        var to = new Option<ulong?>("--to-sequence") { Description = "The last fact to keep; the end of a whole group at or before it. Default: all." };
        var time = new Option<string?>("--to-time") { Description = "The same by UTC time, ISO 8601." };
        var command = new Command("restore", "Makes a data directory out of a backup; every byte is checked. A server started on it begins a new epoch.") { target, id, into, to, time, dryRun, json, output };
        command.SetAction(parsed => BackupRestore.Run(
            parsed.GetRequiredValue(target), parsed.GetValue(id), parsed.GetRequiredValue(into), parsed.GetValue(to), parsed.GetValue(time), parsed.GetValue(dryRun), Shared.IsJson(parsed, json, output), console));
        return command;
    }
}
