using System.CommandLine;
using PhoenixCore.Tools.Balance;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx balance</c>.</summary>
internal static class BalanceSyntax
{
    public static Command Build(ToolConsole console)
    {
        var directory = Shared.Directory();
        var wallet = new Argument<string>("wallet") { Description = "Public id (wal_...) or external id." };
        var tenant = new Option<string>("--tenant") { Description = "Name or number of the tenant.", DefaultValueFactory = _ => "default" };
        var at = new Option<string?>("--at") { Description = "As of this time, ISO 8601 with up to nine digits of a second, UTC unless a zone is given: after the last fact stamped then or before." };
        var sequence = new Option<ulong?>("--sequence") { Description = "As of this fact." };
        var lots = new Option<bool>("--lots") { Description = "With --at or --sequence: lots, open reservations, lifetimes and bounds too, by replaying the journal." };
        var json = Shared.Json("One JSON object.");
        var command = new Command("balance", "Shows a wallet's balances, lots and open reservations now, by replaying the journal, or its balances in the past, by a search in the side indexes (by replay where one is missing). What had expired by then counts once the fact that expired it was written.")
        {
            directory, wallet, tenant, at, sequence, lots, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(at) is not null && result.GetResult(sequence) is not null) result.AddError("--at and --sequence exclude each other.");
        });
        at.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Stamp.TryParse(text, out _)) result.AddError($"--at takes a time such as 2026-01-31T13:59:00Z, not '{text}'.");
        });
        sequence.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<ulong?>() == 0) result.AddError("--sequence takes 1 or more.");
        });
        command.SetAction(parsed => BalanceCommand.Run(
            parsed.GetRequiredValue(directory),
            new BalanceOptions(
                parsed.GetRequiredValue(wallet),
                parsed.GetRequiredValue(tenant),
                parsed.GetValue(at) is { } text && Stamp.TryParse(text, out var time) ? time : long.MaxValue,
                parsed.GetValue(sequence) ?? 0,
                parsed.GetValue(lots),
                parsed.GetValue(json)),
            console));
        return command;
    }
}
