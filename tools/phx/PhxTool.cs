using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Tools.Commands;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools;

/// <summary>The whole program but for the process: what tests call.</summary>
public static class PhxTool
{
    /// <returns>The process's exit code.</returns>
    public static int Run(string[] arguments, ToolConsole console)
    {
        var parsed = CommandTree.Build(console).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) console.Error.WriteLine("phx: " + error.Message);
            console.Error.WriteLine("phx: see phx --help");
            return ExitCode.Usage;
        }

        try
        {
            var code = parsed.Invoke(new InvocationConfiguration { Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            if (parsed.Action is HelpAction) console.Out.WriteLine(ExitCode.Help);
            return code;
        }
        catch (Exception failure) when (CodeOf(failure) is { } code)
        {
            console.Error.WriteLine("phx: " + Sentence(failure));
            return code;
        }
    }

    /// <summary>Null for what nobody expects: the runtime then shows where it came from.</summary>
    private static int? CodeOf(Exception failure) => failure switch
    {
        ToolException tool => tool.ExitCode,
        JournalLockedException => ExitCode.Locked,
        JournalDamagedException or RecordDamagedException => ExitCode.DamagedData,
        InvariantBrokenException => ExitCode.InvariantBroken,
        IOException or UnauthorizedAccessException => ExitCode.StorageFailed,
        _ => null,
    };

    private static string Sentence(Exception failure) => failure is JournalLockedException
        ? failure.Message + " A server is using it: stop the server, or look at a copy."
        : failure.Message;
}
