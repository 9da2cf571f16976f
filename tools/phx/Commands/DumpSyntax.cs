using System.CommandLine;
using PhoenixCore.Tools.Dump;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx journal dump</c>.</summary>
internal static class DumpSyntax
{
    public static Command Build(ToolConsole console)
    {
        var directory = Shared.Directory();
        var json = Shared.Json("One JSON object a line, with everything that stands in the record.");
        var from = new Option<ulong>("--from-sequence") { Description = "First sequence to show.", DefaultValueFactory = _ => 1 };
        var to = new Option<ulong?>("--to-sequence") { Description = "Last sequence to show. Default: the last there is." };
        var wallet = new Option<string?>("--wallet") { Description = "Only facts that touch this wallet: its public id (wal_...) or external id." };
        var tenant = new Option<string?>("--tenant") { Description = "The wallet's tenant, by name or number. Default: any." };
        var limit = new Option<long?>("--limit") { Description = "Most facts to show. Default: all." };
        var command = new Command("dump", "Shows the facts in order: sequence, UTC time, tenant, kind, from -> to, amount, balances after it, reference. A fact with several postings has a line for each.")
        {
            directory, json, from, to, wallet, tenant, limit,
        };
        limit.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<long?>() < 1) result.AddError("--limit takes 1 or more.");
        });
        command.SetAction(parsed => DumpCommand.Run(
            parsed.GetRequiredValue(directory),
            new DumpOptions(parsed.GetValue(json), parsed.GetValue(from), parsed.GetValue(to) ?? ulong.MaxValue, parsed.GetValue(wallet), parsed.GetValue(tenant), parsed.GetValue(limit) ?? long.MaxValue),
            console));
        return command;
    }
}
