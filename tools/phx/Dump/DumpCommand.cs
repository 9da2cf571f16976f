using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Dump;

/// <summary>phx journal dump: the facts of a journal, in order.</summary>
internal static class DumpCommand
{
    /// <summary>Reading ends with the last fact asked for, so damage behind it is not seen: that is verify's.</summary>
    /// <exception cref="Journal.JournalDamagedException">The facts before the damage have been shown.</exception>
    public static int Run(string directory, DumpOptions options, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        var names = new JournalNames();
        var query = options.Wallet is { } wallet ? new WalletQuery(wallet, options.Tenant, names) : null;
        IFactPrinter printer = options.Json ? new JsonPrinter(names, console.Out) : new LinePrinter(names, console.Out);
        var visitor = new MeteredVisitor(new DumpVisitor(options, names, query, printer), data.SegmentBytes);
        if (console.OutIsTerminal) Read(data, visitor); // the lines themselves show that it goes on
        else ProgressBar.Run(console, "reading", () => visitor.Fraction, () => Read(data, visitor));
        if (query is { Number: 0 }) throw new ToolException(ExitCode.NotFound, $"no wallet {options.Wallet} is made in the facts that were read");
        return ExitCode.Ok;
    }

    private static int Read(DataDirectory data, MeteredVisitor visitor)
    {
        try
        {
            data.Inspect(visitor);
        }
        catch (DumpEndedException)
        {
            // All that was asked for has been shown.
        }

        return ExitCode.Ok;
    }
}
