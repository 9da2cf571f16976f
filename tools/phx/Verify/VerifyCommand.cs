using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Verify;

/// <summary>phx journal verify: every byte that was ever durable is there and unchanged, in the journal and in its snapshots, and the facts make books that hold.</summary>
internal static class VerifyCommand
{
    public static int Run(string directory, bool json, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        try
        {
            var result = Verify(data, console);
            if (json) VerifyReport.WriteJson(data, result, console.Out);
            else VerifyReport.WriteTable(data, result, console);
            return result.ExitCode;
        }
        catch (JournalDamagedException damage) when (json)
        {
            VerifyReport.WriteJson(data, damage, StraySearch.Run(data), console.Out);
            return ExitCode.DamagedData;
        }
        catch (JournalDamagedException)
        {
            foreach (var stray in StraySearch.Run(data)) console.Out.WriteLine($"{stray.File} at byte {stray.Offset}: {stray.What}");
            throw;
        }
    }

    private static VerifyResult Verify(DataDirectory data, ToolConsole console)
    {
        using var ledger = new LedgerCore(new LedgerOptions());
        var replay = new VerifyVisitor(ledger);
        var visitor = new MeteredVisitor(replay, data.SegmentBytes);
        return ProgressBar.Run(console, "verifying", () => visitor.Fraction, () =>
        {
            var report = data.Inspect(visitor);
            return new VerifyResult(report, replay.Epochs, ledger.Counts, ledger.FindFault(), ledger.Digest(), StraySearch.Run(data));
        });
    }
}
