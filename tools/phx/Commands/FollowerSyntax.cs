using System.CommandLine;
using System.Text.Json;
using PhoenixCore.Tools.Admin;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx follower</c>.</summary>
internal static class FollowerSyntax
{
    public static Command Build(ToolConsole console) => new("follower", "The copies of a shard: how they stand, and which one leads.") { Status(console), Promote(console) };

    private static Command Status(ToolConsole console)
    {
        var (url, json, output) = (AdminOptions.Url(), Shared.Json("The server's own object."), Shared.Output());
        var command = new Command("status", $"How a running copy stands, and, on the leader, all others; the key in {AdminClient.KeyVariable} needs the scope admin.") { url, json, output };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url));
            return Show(client.Get("/replication").GetProperty("data"), Shared.IsJson(parsed, json, output), console);
        });
        return command;
    }

    private static Command Promote(ToolConsole console)
    {
        var (url, json, output) = (AdminOptions.Url(), Shared.Json("The server's own object."), Shared.Output());
        var accept = new Option<bool>("--accept-single-copy") { Description = "Too few other copies are there: this one goes on alone. What it holds is then held by one disk." };
        var peers = new Option<string[]>("--peer") { Description = "gRPC address of another copy that may promise to follow; may be given several times.", DefaultValueFactory = _ => [] };
        var command = new Command("promote", "Makes a copy the leader, in a new epoch. The one that led before, if it still runs, ends itself as soon as it hears of it.") { url, accept, peers, json, output };
        command.SetAction(parsed =>
        {
            using var client = new AdminClient(parsed.GetRequiredValue(url), patience: TimeSpan.FromMinutes(10));
            var body = new Dictionary<string, object> { ["accept_single_copy"] = parsed.GetValue(accept), ["peers"] = parsed.GetValue(peers) ?? [] };
            var standing = ProgressBar.Run(console, "promoting", () => 0, () => client.Post("/replication/promote", body)).GetProperty("data");
            var code = Show(standing, Shared.IsJson(parsed, json, output), console);
            if (standing.GetProperty("single_copy_accepted").GetBoolean()) console.Error.WriteLine("phx: the shard now runs on ONE copy. Start another one with --follow; it has a vote again once it has caught up.");
            return code;
        });
        return command;
    }

    private static int Show(JsonElement standing, bool json, ToolConsole console)
    {
        if (json)
        {
            console.Out.WriteLine(standing.GetRawText());
            return ExitCode.Ok;
        }

        foreach (var name in new[] { "role", "durability", "epoch", "leader", "durable", "committed", "applied", "staleness_ms", "quorum", "enough" })
        {
            if (standing.TryGetProperty(name, out var value)) console.Out.WriteLine($"{name,-12} {value}");
        }

        console.Out.WriteLine($"{"voters",-12} {standing.GetProperty("voters").GetArrayLength()}{(standing.GetProperty("single_copy_accepted").GetBoolean() ? ", ONE copy accepted" : "")}");
        if (!standing.TryGetProperty("followers", out var followers)) return ExitCode.Ok;
        var table = Tables.WithColumns("copy", "address", "vote", "connected", "durable", "behind");
        foreach (var one in followers.EnumerateArray())
            table.Row(one.GetProperty("incarnation").GetString()!, one.GetProperty("address").GetString()!, one.GetProperty("voter").ToString(), one.GetProperty("connected").ToString(), one.GetProperty("durable").ToString(), one.GetProperty("lag_records").ToString());
        console.Tables().Write(table);
        return ExitCode.Ok;
    }
}
