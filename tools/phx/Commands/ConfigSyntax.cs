using System.CommandLine;
using PhoenixCore.Tools.Config;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx config</c>.</summary>
internal static class ConfigSyntax
{
    public static Command Build(ToolConsole console) => new("config", "Settings of a server.") { Show(console) };

    private static Command Show(ToolConsole console)
    {
        var directory = new Argument<string>("dir") { Description = "The server's data directory." };
        var (json, output) = (Shared.Json("One JSON object per setting."), Shared.Output());
        var origin = new Option<bool>("--origin") { Description = "With where each value came from: default, flag, variable or file." };
        var changed = new Option<bool>("--changed") { Description = "Only those that were given." };
        var command = new Command("show", "What the server of a directory was started with last; of secrets only whether they were given. Works beside a running server.") { directory, origin, changed, json, output };
        command.SetAction(parsed => ConfigShow.Run(parsed.GetRequiredValue(directory), parsed.GetValue(origin), parsed.GetValue(changed), Shared.IsJson(parsed, json, output), console));
        return command;
    }
}
