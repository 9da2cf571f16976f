using PhoenixCore.Shard;
using PhoenixCore.Shard.History.Totals;

namespace PhoenixCore.Server.Edge.History;

/// <summary>All that can be asked about the past, for every front. Any thread; the ledger's writer is asked only where a history begins.</summary>
public sealed class LedgerHistory
{
    private readonly TrialBalance _trial;

    internal LedgerHistory(LedgerShard shard, AssetDirectory assets)
    {
        var reads = new StateReads(shard);
        var accounts = new AccountReads(reads, assets);
        Reservations = new ReservationReads(shard, accounts);
        Lots = new LotReads(shard, assets, accounts);
        Lists = new HistoryReads(shard, assets, accounts, Reservations, Lots);
        Balances = new BalanceReads(shard, accounts);
        Wallets = new WalletLists(reads);
        _trial = new TrialBalance(shard.History);
    }

    internal HistoryReads Lists { get; }

    internal ReservationReads Reservations { get; }

    internal LotReads Lots { get; }

    internal BalanceReads Balances { get; }

    internal WalletLists Wallets { get; }

    /// <summary>The tenant's trial balance.</summary>
    internal TrialReport ReadTrial(TenantContext tenant)
    {
        try
        {
            return _trial.Read(tenant.Number);
        }
        catch (Exception failure) when (HistoryRefusedException.IsOfSearch(failure))
        {
            throw HistoryRefusedException.Of(failure);
        }
    }
}
