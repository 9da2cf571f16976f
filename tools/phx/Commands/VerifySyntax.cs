using System.CommandLine;
using PhoenixCore.Tools.Terminal;
using PhoenixCore.Tools.Verify;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx journal verify</c>.</summary>
internal static class VerifySyntax
{
    public static Command Build(ToolConsole console)
    {
        var directory = Shared.Directory();
        var json = Shared.Json("One JSON object, for a sound journal and for a damaged one.");
        var command = new Command("verify", "Reads every byte from the device, checks chain, checksums, watermarks and control slot, replays the facts into a fresh ledger and audits its books, proves the snapshots, and looks for bytes that nobody wrote. Changes nothing.")
        {
            directory, json,
        };
        command.SetAction(parsed => VerifyCommand.Run(parsed.GetRequiredValue(directory), parsed.GetValue(json), console));
        return command;
    }
}
