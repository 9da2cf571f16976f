using PhoenixCore.Journal;
using PhoenixCore.Shard;
using PhoenixCore.Shard.History.Totals;

namespace PhoenixCore.Server.Edge.History;

/// <summary>All that can be asked about the past, for every front. Any thread; the ledger's writer is asked only where a history begins.</summary>
public sealed class LedgerHistory
{
    private readonly TrialBalance _trial;
    private readonly TrialFile? _trialFile;
    private long _audits;
    private long _auditFailures;

    /// <param name="place">Where sums are kept over restarts; null = nowhere.</param>
    internal LedgerHistory(LedgerShard shard, AssetDirectory assets, IJournalStorage? place)
    {
        var reads = new StateReads(shard);
        var accounts = new AccountReads(reads, assets);
        Reservations = new ReservationReads(shard, accounts);
        Lots = new LotReads(shard, assets, accounts);
        Lists = new HistoryReads(shard, assets, accounts, Reservations, Lots);
        Balances = new BalanceReads(shard, accounts);
        Wallets = new WalletLists(reads);
        LotLists = new LotLists(reads, accounts, Lists, Lots);
        _trial = new TrialBalance(shard.History);
        _trialFile = place is null ? null : new TrialFile(place, _trial);
        _trialFile?.Load();
    }

    internal HistoryReads Lists { get; }

    internal ReservationReads Reservations { get; }

    internal LotReads Lots { get; }

    internal LotLists LotLists { get; }

    internal BalanceReads Balances { get; }

    internal WalletLists Wallets { get; }

    /// <summary>Trial balances that were drawn up since the start.</summary>
    internal long Audits => Volatile.Read(ref _audits);

    /// <summary>Those whose debits and credits differ.</summary>
    internal long AuditFailures => Volatile.Read(ref _auditFailures);

    /// <summary>Before the server ends.</summary>
    internal void Store() => _trialFile?.Store();

    /// <summary>The tenant's trial balance.</summary>
    internal TrialReport ReadTrial(TenantContext tenant)
    {
        try
        {
            var report = _trial.Read(tenant.Number);
            _trialFile?.StoreLater();
            Interlocked.Increment(ref _audits);
            if (!report.Assets.All(asset => asset.IsBalanced)) Interlocked.Increment(ref _auditFailures);
            return report;
        }
        catch (Exception failure) when (HistoryRefusedException.IsOfSearch(failure))
        {
            throw HistoryRefusedException.Of(failure);
        }
    }
}
