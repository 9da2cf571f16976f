using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.History;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Balance;

/// <summary>phx balance: a wallet as of now by replaying the journal, as of a time or a sequence by a search in its side indexes.</summary>
internal static class BalanceCommand
{
    public static int Run(string directory, BalanceOptions options, ToolConsole console)
    {
        var data = DataDirectory.Open(directory);
        if (options is { IsOfThePast: true, WithLots: false } && TrySearch(data, options, console)) return ExitCode.Ok;
        using var ledger = new LedgerCore(new LedgerOptions());
        var names = new JournalNames();
        var query = new WalletQuery(options.Wallet, options.Tenant, names);
        var replay = new BalanceVisitor(ledger, options, names, query);
        var visitor = new MeteredVisitor(replay, data.SegmentBytes);
        var report = ProgressBar.Run(console, "replaying", () => visitor.Fraction, () => data.Inspect(visitor));
        CheckFound(options, report, ledger, query);

        var state = Read(ledger, names, query, replay);
        if (options.Json) BalanceReport.WriteJson(state, console.Out);
        else BalanceReport.WriteTables(state, console);
        return ExitCode.Ok;
    }

    /// <returns>False when side indexes are missing; then says so.</returns>
    private static bool TrySearch(DataDirectory data, BalanceOptions options, ToolConsole console)
    {
        try
        {
            using var archive = data.OpenArchive();
            if (archive.IsIndexed)
            {
                var past = new BalanceSearch(archive, options).Run();
                if (options.Json) PastReport.WriteJson(past, console.Out);
                else PastReport.WriteTables(past, console);
                return true;
            }
        }
        catch (Exception failure) when (failure is HistoryLimitException or JournalIoException or InvalidOperationException)
        {
            // An index that is damaged, or cannot be made again by a tool that changes nothing.
        }

        console.Error.WriteLine("phx: side indexes are missing (a server builds them): replaying the journal instead of searching it");
        return false;
    }

    private static void CheckFound(BalanceOptions options, RecoveryReport report, LedgerCore ledger, WalletQuery query)
    {
        if (options.Sequence > report.LastSequence) throw new ToolException(ExitCode.NotFound, $"there is no sequence {options.Sequence}: the journal ends at {report.LastSequence}");
        var place = ledger.Sequence == 0 ? "before the first fact" : $"at sequence {ledger.Sequence}, {Stamp.Format(ledger.Stamp)}";
        if (query.Tenant is null) throw new ToolException(ExitCode.NotFound, $"there is no tenant {options.Tenant} {place}");
        if (query.Number == 0) throw new ToolException(ExitCode.NotFound, $"tenant {options.Tenant} has no wallet {options.Wallet} {place}{query.Tenant?.NameHint}");
    }

    private static WalletState Read(LedgerCore ledger, JournalNames names, WalletQuery query, BalanceVisitor replay)
    {
        var tenant = query.Tenant!;
        var (wallet, balances) = StateReads.Wallet(ledger, tenant.Number, query.Number);
        balances.Sort((a, b) => a.AccountNumber.CompareTo(b.AccountNumber));
        var lots = balances.SelectMany(balance => StateReads.Lots(ledger, tenant.Number, query.Number, balance.Asset)).ToList();
        var reservations = replay.Reservations.Select(number => StateReads.Reservation(ledger, tenant.Number, number)).ToList();
        return new WalletState(tenant, names.Wallet(query.Number), ledger.Sequence, ledger.Stamp, wallet, balances, lots, reservations);
    }
}
