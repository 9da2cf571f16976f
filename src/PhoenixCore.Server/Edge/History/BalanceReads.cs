using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.History.Search;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Balances as of any moment, by a search for each account's last entry by then. Any thread.</summary>
internal sealed class BalanceReads(LedgerShard shard, AccountReads accounts)
{
    /// <exception cref="HistoryRefusedException">There is no such wallet, or the moment has not come.</exception>
    public async ValueTask<BalancesAt> FindAsync(TenantContext tenant, string wallet, BalanceMoment moment, CancellationToken ct)
    {
        // The tenant's numbers are read first: whatever they name is durable when the wallet is read.
        var next = (await accounts.TenantAsync(tenant, ct).ConfigureAwait(false)).NextEvent;
        var state = await accounts.FindAsync(tenant, wallet, 0, ct).ConfigureAwait(false) ?? throw HistoryRefusedException.Of(LedgerResult.WalletNotFound);
        if (moment.Sequence >= next) throw HistoryRefusedException.Invalid("sequence", $"lies ahead: the last one is {next - 1}");
        if (moment.At > state.Stamp + HistoryLimits.AheadMax) throw HistoryRefusedException.Invalid("at", "lies in the future");
        try
        {
            return Search(tenant, state, moment);
        }
        catch (Exception failure) when (HistoryRefusedException.IsOfSearch(failure))
        {
            throw HistoryRefusedException.Of(failure);
        }
    }

    private BalancesAt Search(TenantContext tenant, WalletAccounts state, BalanceMoment moment)
    {
        var budget = new ReadBudget(shard.History, HistoryLimits.SearchFactsMax);
        var events = new EventSearch(budget);
        ulong sequence;
        if (moment.Sequence > 0) sequence = events.Find(tenant.Number, moment.Sequence);
        else if (!shard.History.TryFindSequenceAt(moment.At, out sequence)) sequence = 0;
        sequence = Math.Min(sequence, state.Sequence);

        var (number, stamp) = events.NumberAt(tenant.Number, sequence);
        var entries = new EntrySearch(budget);
        var balances = new List<BalanceView>();
        for (var i = 0; i < state.Heads.Length; i++)
        {
            if (Find(entries, state.Heads[i], state.Balances[i], sequence) is { } balance) balances.Add(balance);
        }

        return new BalancesAt(state.Wallet.Number, number, stamp, balances);
    }

    /// <summary>Null when the account had no entry by then.</summary>
    private static BalanceView? Find(EntrySearch entries, AccountHead head, in BalanceView present, ulong sequence)
    {
        var balance = new BalanceView { Asset = present.Asset, Scale = present.Scale };
        if (head.LastEntry == 0) return null;
        if (Numbers.SequenceOf(head.LastEntry) <= sequence)
        {
            (balance.Available, balance.Reserved) = (present.Available, present.Reserved);
            return balance;
        }

        var (available, reserved) = (entries.Find(head, sequence, EntryColumn.Available), entries.Find(head, sequence, EntryColumn.Reserved));
        (balance.Available, balance.Reserved) = (available.Balance, reserved.Balance);
        return available.Exists || reserved.Exists ? balance : null;
    }
}
