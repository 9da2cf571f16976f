using PhoenixCore.Ledger;
using PhoenixCore.Shard;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.History.Lots;
using PhoenixCore.Shard.History.Trails;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Lists of what was booked: heads from the live state, the rest from the durable journal. Any thread; never on the writer's.</summary>
internal sealed class HistoryReads(LedgerShard shard, AssetDirectory assets, AccountReads accounts, ReservationReads reservations, LotReads lots)
{
    /// <exception cref="HistoryRefusedException">The question has no answer.</exception>
    public async ValueTask<HistoryPage> ListAsync(TenantContext tenant, HistoryQuestion question, CancellationToken ct)
    {
        try
        {
            var (filter, wallet, lot) = await ResolveAsync(tenant, question, ct).ConfigureAwait(false);
            var below = question.Cursor is { } cursor ? HistoryCursor.Parse(tenant, filter, cursor) : ulong.MaxValue;
            var heads = wallet is null ? null : HeadsOf(wallet, filter, lot);
            var trail = TrailOf(tenant, filter, heads, ThroughOf(question, below));
            var pager = new HistoryPager(tenant.Number, filter, trail, below, lot?.Origin.Made.Sequence ?? 0);
            return await FillAsync(tenant, filter, pager, ct).ConfigureAwait(false);
        }
        catch (Exception failure) when (HistoryRefusedException.IsOfSearch(failure))
        {
            throw HistoryRefusedException.Of(failure);
        }
    }

    private async ValueTask<HistoryPage> FillAsync(TenantContext tenant, HistoryFilter filter, HistoryPager pager, CancellationToken ct)
    {
        var (rows, outcomes) = (new List<HistoryRow>(), new List<ReservationOutcome>());
        var (limit, wanted) = (filter.Question.Limit, filter.Question.Status);
        var hasMore = false;
        while (!hasMore && pager.TryNext(out var row))
        {
            if (filter.Question.List == HistoryList.Reservations)
            {
                var outcome = await reservations.OutcomeAsync(tenant, row, pager.Endings, ct).ConfigureAwait(false);
                if (wanted != ReservationStatus.None && outcome.Status != wanted) continue;
                if (rows.Count < limit) outcomes.Add(outcome);
            }

            hasMore = rows.Count == limit;
            if (!hasMore) rows.Add(row);
        }

        // A full page goes on behind its last row; one that was given up early, behind what it looked at last.
        var cursor = hasMore ? HistoryCursor.Format(tenant, filter, Numbers.Of(rows[^1].Context.Sequence, rows[^1].Place))
            : pager.IsAtEnd ? null : HistoryCursor.Format(tenant, filter, pager.Passed);
        return new HistoryPage(rows, cursor, filter.Wallet, outcomes);
    }

    private async ValueTask<(HistoryFilter Filter, WalletAccounts? Wallet, KnownLot? Lot)> ResolveAsync(TenantContext tenant, HistoryQuestion question, CancellationToken ct)
    {
        var asset = question.Asset is { } code ? await assets.FindAsync(tenant, code, ct).ConfigureAwait(false) ?? throw HistoryRefusedException.Of(LedgerResult.AssetNotFound) : null;
        var (least, most) = AmountsOf(question, asset);
        KnownLot? lot = question.Lot is { } id ? await lots.FindAsync(tenant, id, ct).ConfigureAwait(false) : null;
        WalletAccounts? wallet = null;
        if (question.Wallet is { } name) wallet = await accounts.FindAsync(tenant, name, 0, ct).ConfigureAwait(false) ?? throw HistoryRefusedException.Of(LedgerResult.WalletNotFound);
        else if (lot is not null) wallet = lot.Wallet;
        var filter = new HistoryFilter(question)
        {
            Wallet = wallet?.Wallet.Number ?? 0,
            Asset = asset?.Handle ?? 0,
            Lot = lot?.Number ?? 0,
            AmountMin = least,
            AmountMax = most,
        };
        return (filter, wallet, lot);
    }

    /// <summary>Only the account of the lot or of the asset, where one is given; a lot that is gone begins with its end.</summary>
    private static IReadOnlyList<AccountHead> HeadsOf(WalletAccounts wallet, HistoryFilter filter, KnownLot? lot)
    {
        if (lot is not null && lot.Origin.Account.Wallet == wallet.Wallet.Number)
            return [lot.End is { } end ? new AccountHead(lot.Origin.Account, end.LastEntry) : wallet.HeadOf(lot.Origin.Account.Asset)];
        if (lot is not null) return [];
        return filter.Asset == 0 ? wallet.Heads : Array.FindAll(wallet.Heads, head => head.Account.Asset == filter.Asset);
    }

    private FactTrail TrailOf(TenantContext tenant, HistoryFilter filter, IReadOnlyList<AccountHead>? heads, ulong through)
    {
        var budget = new ReadBudget(shard.History, HistoryLimits.PageFactsMax);
        if (filter.Reference is { } reference && reference.Length > 0) return new ReferenceTrail(budget, HashesOf(tenant, reference), through);
        return heads is null
            ? new JournalTrail(budget, through)
            : new AccountTrail(budget, heads, through, new ReadBudget(shard.History, HistoryLimits.SearchFactsMax));
    }

    /// <summary>A tenant that is older than its text key has plain references too.</summary>
    private static ulong[] HashesOf(TenantContext tenant, byte[] reference)
    {
        if (tenant.Texts is not { } cipher) return [HistoryKeys.Reference(tenant.Number, reference)];
        return tenant.HasOwnHashes ? [cipher.HashOf(reference)] : [cipher.HashOf(reference), HistoryKeys.Reference(tenant.Number, reference)];
    }

    /// <summary>The last fact that may have a row.</summary>
    private ulong ThroughOf(HistoryQuestion question, ulong below)
    {
        var through = below == ulong.MaxValue ? ulong.MaxValue : Numbers.SequenceOf(below) - (Numbers.OrdinalOf(below) == 0 ? 1UL : 0UL);
        if (question.To == long.MaxValue) return through;
        return shard.History.TryFindSequenceAt(question.To, out var last) ? Math.Min(through, last) : 0;
    }

    private static (Int128 Least, Int128 Most) AmountsOf(HistoryQuestion question, AssetInfo? asset)
    {
        var (least, most) = ((Int128)0, LedgerLimits.UnitsMax);
        if (question.MinAmount.IsGiven) least = UnitsOf(question.MinAmount, asset, "min_amount");
        if (question.MaxAmount.IsGiven) most = UnitsOf(question.MaxAmount, asset, "max_amount");
        return (least, most);
    }

    private static Int128 UnitsOf(AmountInput amount, AssetInfo? asset, string field)
    {
        if (asset is null) throw HistoryRefusedException.Invalid(field, "needs an asset: amounts of different assets do not compare");
        return amount.TryToUnits(asset.Scale, out var units) ? units : throw HistoryRefusedException.Invalid(field, $"has more than the asset's {asset.Scale} decimals, or more than 38 digits");
    }
}
