using System.CommandLine;
using PhoenixCore.Tools.Status;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx status</c> and <c>phx doctor</c>.</summary>
internal static class StatusSyntax
{
    public static Command Status(ToolConsole console)
    {
        var (directory, url, json, output) = (OptionalDirectory(), AdminOptions.Url(), Shared.Json("One JSON object."), Shared.Output());
        var command = new Command("status", "A running server by its probes and metrics; or, where a directory is named, that directory at rest.") { directory, url, json, output };
        command.SetAction(parsed => parsed.GetValue(directory) is { } named
            ? StatusCommand.OfDirectory(named, Shared.IsJson(parsed, json, output), console)
            : StatusCommand.OfServer(parsed.GetRequiredValue(url), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    public static Command Doctor(ToolConsole console)
    {
        var (directory, json, output) = (OptionalDirectory(), Shared.Json("One JSON object per finding."), Shared.Output());
        var url = new Option<string?>("--url") { Description = "REST address of a running server to ask." };
        var backups = new Option<string?>("--backups") { Description = "Directory of backups to look at." };
        var command = new Command("doctor", "Says what is wrong, or will be, with what to do; of a server, a directory (also beside a running server) and backups. Exit code 1 when there is something.") { directory, url, backups, json, output };
        command.Validators.Add(result =>
        {
            if (result.GetValue(directory) is null && result.GetValue(url) is null && result.GetValue(backups) is null) result.AddError("doctor wants a directory, --url or --backups.");
        });
        command.SetAction(parsed => DoctorCommand.Run(parsed.GetValue(directory), parsed.GetValue(url), parsed.GetValue(backups), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    private static Argument<string?> OptionalDirectory() => new("dir") { Description = "A data directory.", Arity = ArgumentArity.ZeroOrOne };
}
