using System.CommandLine;
using PhoenixCore.Tools.Inspect;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx journal ls|inspect|diff</c>.</summary>
internal static class InspectSyntax
{
    public static Command List(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("One JSON object per segment."), Shared.Output());
        var command = new Command("ls", "Lists the segments with what they hold; every record is checked. Works beside a running server.") { directory, json, output };
        command.SetAction(parsed => SegmentList.List(parsed.GetRequiredValue(directory), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    public static Command File(ToolConsole console)
    {
        var file = new Argument<string>("file") { Description = "A segment (….segment) or a snapshot." };
        var (json, output) = (Shared.Json("One JSON object."), Shared.Output());
        var command = new Command("inspect", "Explains one file by itself and checks every byte of it. Works beside a running server.") { file, json, output };
        command.SetAction(parsed => SegmentList.File(parsed.GetRequiredValue(file), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    public static Command Diff(ToolConsole console)
    {
        var first = new Argument<string>("first") { Description = "A data directory at rest." };
        var second = new Argument<string>("second") { Description = "Another one of the same shard: a copy, a restored backup." };
        var (json, output) = (Shared.Json("One JSON object."), Shared.Output());
        var command = new Command("diff", "Compares two journals record by record and says where they part.") { first, second, json, output };
        command.SetAction(parsed => JournalDiff.Run(parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), Shared.IsJson(parsed, json, output), console));
        return command;
    }
}
