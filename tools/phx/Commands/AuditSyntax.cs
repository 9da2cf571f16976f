using System.CommandLine;
using PhoenixCore.Tools.Audit;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx audit</c>.</summary>
internal static class AuditSyntax
{
    public static Command Build(ToolConsole console) => new("audit", "The books of a directory at rest.") { RunAll(console), Explain(console) };

    private static Command RunAll(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("One JSON object per tenant and asset, then the verdict."), Shared.Output());
        var command = new Command("run", "Replays every fact, audits the state's books, and adds up all debits and credits of every tenant and asset. Changes nothing.") { directory, json, output };
        command.SetAction(parsed => AuditCommands.Run(parsed.GetRequiredValue(directory), Shared.IsJson(parsed, json, output), console));
        return command;
    }

    private static Command Explain(ToolConsole console)
    {
        var (directory, json, output) = (Shared.Directory(), Shared.Json("The fact as one JSON object, then one for each side of its postings."), Shared.Output());
        var transaction = new Argument<string>("transaction") { Description = "Its id (txn_…), or the sequence of its fact." };
        var command = new Command("explain", "Shows a transaction with every balance before and after, each checked against the entry before it. Changes nothing.") { directory, transaction, json, output };
        command.SetAction(parsed => ExplainCommand.Run(parsed.GetRequiredValue(directory), parsed.GetRequiredValue(transaction), Shared.IsJson(parsed, json, output), console));
        return command;
    }
}
