using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.History.Lots;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Single lots, alive or used up. Any thread.</summary>
internal sealed class LotReads(LedgerShard shard, AssetDirectory assets, AccountReads accounts)
{
    private readonly StateReads _reads = new(shard);

    /// <exception cref="HistoryRefusedException">The tenant never had such a lot.</exception>
    public async ValueTask<KnownLot> FindAsync(TenantContext tenant, string id, CancellationToken ct)
    {
        try
        {
            return await TryFindAsync(tenant, id, ct).ConfigureAwait(false) ?? throw HistoryRefusedException.Of(LedgerResult.LotNotFound);
        }
        catch (Exception failure) when (HistoryRefusedException.IsOfSearch(failure))
        {
            throw HistoryRefusedException.Of(failure);
        }
    }

    private async ValueTask<KnownLot?> TryFindAsync(TenantContext tenant, string id, CancellationToken ct)
    {
        var history = new LotHistory(new ReadBudget(shard.History, HistoryLimits.SearchFactsMax));
        if (!tenant.Ids.TryParse(IdKind.Lot, id, out var number) || !history.TryFindOrigin(tenant.Number, number, out var origin)) return null;
        if (origin.SystemWallet > 0)
        {
            var made = (await accounts.TenantAsync(tenant, ct).ConfigureAwait(false)).CreatedSequence;
            origin = origin with { Account = origin.Account with { Wallet = Numbers.Of(made, origin.SystemWallet) } };
        }

        var asset = await assets.FindAsync(tenant, origin.Account.Asset, ct).ConfigureAwait(false) ?? throw new InvariantBrokenException("a lot's asset is not there");
        var live = await accounts.LotAsync(tenant, origin.Account.Wallet, asset.Code, number, ct).ConfigureAwait(false);

        // The account is read after the lot: if the lot is gone, the entry that ended it lies at or before the account's last one.
        var wallet = await accounts.FindAsync(tenant, null, origin.Account.Wallet, ct).ConfigureAwait(false) ?? throw new InvariantBrokenException("a lot's wallet is not there");
        if (live is { } view) return new KnownLot(number, origin, wallet, null, view);
        Invariant.That(history.TryFindEnd(number, origin, wallet.HeadOf(origin.Account.Asset), out var end));
        var terms = new LotTermsSearch(sequence => _reads.FindFact(tenant, sequence)?.Payload, number, end.Last.Sequence + 1, 0);
        while (!terms.TryStep(await _reads.LastLotChangeAsync(tenant, terms.Lot, ct).ConfigureAwait(false)))
        {
            // The terms were inherited: the search goes on with the lot they came from.
        }

        return new KnownLot(number, origin, wallet, end, ViewOf(number, origin, end, asset, terms));
    }

    private static LotView ViewOf(ulong number, in LotOrigin origin, in LotEnd end, AssetInfo asset, LotTermsSearch terms)
    {
        return new LotView
        {
            Number = number,
            Wallet = origin.Account.Wallet,
            TermsSource = terms.Source,
            Asset = AssetCode.Pack(System.Text.Encoding.ASCII.GetBytes(asset.Code)),
            Scale = asset.Scale,
            Initial = end.Initial,
            ExpiresAt = terms.Terms.ExpiresAt,
            CreatedAt = origin.Made.Stamp,
            Expired = end.Expired,
            FromTransfer = origin.Kind != PartKind.Credited,
        };
    }
}
