using System.CommandLine;
using PhoenixCore.Tools.Admin;
using PhoenixCore.Tools.Snapshots;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx snapshot</c> and <c>phx replay</c>.</summary>
internal static class SnapshotSyntax
{
    public static Command Build(ToolConsole console) => new("snapshot", "Snapshots of the state: taken by a running server, looked at and restored from in a directory at rest.")
    {
        Create(console),
        List(console),
        Verify(console),
        Restore(console),
    };

    public static Command Replay(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("One JSON object."), Shared.Output());
        var to = new Option<ulong?>("--to-sequence") { Description = "The last fact to apply. Default: the last there is." };
        var time = new Option<string?>("--to-time") { Description = "The last fact at or before this UTC time, ISO 8601." };
        var digest = new Option<bool>("--digest") { Description = "With the state's digest: that of a server with as many keys in memory." };
        var keys = new Option<int>("--hot-keys") { Description = "Keys kept in memory, a power of two; the server's setting.", DefaultValueFactory = _ => 1 << 24 };
        var whole = new Option<bool>("--from-start") { Description = "Uses no snapshot: the whole journal is replayed and verified." };
        var command = new Command("replay", "Applies facts to a fresh ledger, from the nearest snapshot below on, and audits its books. Changes nothing.") { directory, to, time, digest, keys, whole, json, output };
        command.SetAction(parsed => ReplayCommand.Run(
            parsed.GetRequiredValue(directory),
            new ReplayOptions(parsed.GetValue(to), parsed.GetValue(time), parsed.GetValue(digest), parsed.GetValue(keys), parsed.GetValue(whole), Shared.IsJson(parsed, json, output)),
            console));
        return command;
    }

    private static Command Create(ToolConsole console)
    {
        var (url, json, output) = (AdminOptions.Url(), Shared.Json("The snapshot as one JSON object."), Shared.Output());
        var command = new Command("create", $"Takes a snapshot of a running server and waits until it is durable; the key in {AdminClient.KeyVariable} needs the scope admin.") { url, json, output };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url), patience: TimeSpan.FromMinutes(30));
            var taken = ProgressBar.Run(console, "taking", () => 0, () => client.Post("/snapshots", new Dictionary<string, string>()));
            return AdminPrinter.Snapshots([taken], Shared.IsJson(parsed, json, output), console);
        });
        return command;
    }

    private static Command List(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("One JSON object per snapshot."), Shared.Output());
        var command = new Command("ls", "Lists the snapshots of a directory, newest first, by their first pages.") { directory, json, output };
        command.SetAction(parsed => SnapshotCommands.List(parsed.GetRequiredValue(directory), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    private static Command Verify(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("One JSON object per snapshot."), Shared.Output());
        var name = new Option<string?>("--name") { Description = "Only this one. Default: all." };
        var command = new Command("verify", "Reads every byte of snapshots: checksums, hash, digest, and the chain's value against the journal's. Changes nothing.") { directory, name, json, output };
        command.SetAction(parsed => SnapshotCommands.Verify(parsed.GetRequiredValue(directory), parsed.GetValue(name), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    private static Command Restore(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("One JSON object."), Shared.Output());
        var into = new Option<string>("--into") { Description = "Directory to make; it must not hold anything.", Required = true };
        var to = new Option<ulong?>("--to-sequence") { Description = "The last fact to copy; a copy ends behind a whole group, at or before it. Default: the last there is." };
        var command = new Command("restore", "Copies a directory at rest up to a sequence: the newest snapshot below that proves whole, segments and credentials. Nothing of the source changes.") { directory, into, to, json, output };
        command.SetAction(parsed => RestoreCommand.Run(
            parsed.GetRequiredValue(directory), parsed.GetRequiredValue(into), parsed.GetValue(to), Shared.IsJson(parsed, json, output), console));
        return command;
    }
}
