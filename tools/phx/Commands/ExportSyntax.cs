using System.CommandLine;
using PhoenixCore.Tools.Export;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx export</c>.</summary>
internal static class ExportSyntax
{
    public static Command Build(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("What was written, as one JSON object."), Shared.Output());
        var to = new Option<string>("--out") { Description = "File to write.", Required = true };
        var what = new Option<string>("--what") { Description = "transactions: a row each; entries: a row for each side of each posting.", DefaultValueFactory = _ => "entries" };
        what.AcceptOnlyFromAmong("transactions", "entries");
        var format = new Option<string>("--format") { Description = "ndjson or csv.", DefaultValueFactory = _ => "ndjson" };
        format.AcceptOnlyFromAmong("ndjson", "csv");
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's, by name or number. Default: all." };
        var resume = new Option<bool>("--resume") { Description = "Goes on with a file that was broken off, behind its last whole transaction; with the same options." };
        var command = new Command("export", "Writes transactions or entries of a directory at rest as lines of JSON or CSV. A running server's tenant: phx tenant export.") { directory, to, what, format, tenant, resume, json, output };
        command.SetAction(parsed => ExportCommand.Run(
            parsed.GetRequiredValue(directory),
            new ExportOptions(parsed.GetRequiredValue(to), parsed.GetValue(what) == "entries", parsed.GetValue(format) == "csv", parsed.GetValue(tenant), parsed.GetValue(resume), Shared.IsJson(parsed, json, output)),
            console));
        return command;
    }
}
