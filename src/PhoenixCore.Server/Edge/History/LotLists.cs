using System.Runtime.CompilerServices;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Lots of a wallet: those that hold something from the live state, oldest first; those that are used up or expired from the journal, newest first. Any thread.</summary>
internal sealed class LotLists(StateReads reads, AccountReads accounts, HistoryReads lists, LotReads lots)
{
    /// <summary>Live lots that one page looks at; what it has found by then is the page.</summary>
    public const int PageLotsMax = 5_000;

    private const int LotsPerQuestion = 256;

    private readonly LotHints _hints = new();

    /// <param name="cursor">As the page before gave it out; null = from the first.</param>
    /// <returns>The rows, with the time of their end where they have one, and where the next page goes on; null = there is none.</returns>
    /// <exception cref="HistoryRefusedException">There is no such wallet or asset, or the cursor is none of this list.</exception>
    public ValueTask<(IReadOnlyList<(LotView Lot, long EndedAt)> Rows, string? Cursor)> ListAsync(TenantContext tenant, string wallet, LotFilter filter, string? cursor, int limit, CancellationToken ct) =>
        filter.State is LotState.Depleted or LotState.Expired ? ListEndedAsync(tenant, wallet, filter, cursor, limit, ct) : ListLiveAsync(tenant, wallet, filter, cursor, limit, ct);

    private async ValueTask<(IReadOnlyList<(LotView, long)>, string?)> ListEndedAsync(TenantContext tenant, string wallet, LotFilter filter, string? cursor, int limit, CancellationToken ct)
    {
        var question = new HistoryQuestion(HistoryList.Lots) { Wallet = wallet, Asset = filter.Asset, IsDebit = false, Limit = limit, Cursor = cursor, Mark = filter.Mark };
        var page = await lists.ListAsync(tenant, question, ct).ConfigureAwait(false);
        var attributes = new LotAttributes(reads, tenant, filter.Attributes);
        var rows = new List<(LotView, long)>();
        foreach (var row in page.Rows)
        {
            var lot = await lots.FindAsync(tenant, tenant.Ids.Format(IdKind.Lot, LotAt(row)), ct).ConfigureAwait(false);
            if (filter.Fits(lot.View) && attributes.Fit(lot.View.TermsSource)) rows.Add((lot.View, lot.End?.Last.Stamp ?? 0));
        }

        return (rows, page.Cursor);
    }

    private static unsafe ulong LotAt(in HistoryRow row)
    {
        fixed (byte* payload = row.Fact)
        {
            var place = row.Place / 2;
            foreach (var part in new FactParts(payload))
            {
                if (place < part.Postings.Length) return part.Postings[place].CreditLot;
                place -= part.Postings.Length;
            }
        }

        throw new InvariantBrokenException("a row names an entry that its fact does not have");
    }

    private async ValueTask<(IReadOnlyList<(LotView, long)>, string?)> ListLiveAsync(TenantContext tenant, string wallet, LotFilter filter, string? cursor, int limit, CancellationToken ct)
    {
        var after = 0UL;
        if (cursor is not null && !tenant.Ids.TryParse(IdKind.Lot, cursor, out after)) throw HistoryRefusedException.BadCursor();
        var found = await accounts.FindAsync(tenant, wallet, 0, ct).ConfigureAwait(false) ?? throw HistoryRefusedException.Of(LedgerResult.WalletNotFound);
        var attributes = new LotAttributes(reads, tenant, filter.Attributes);
        var rows = new List<LotView>();
        var (looked, complete) = (0, ulong.MaxValue);
        foreach (var asset in AssetsOf(found, filter.Asset))
        {
            // Each account is looked at from the cursor on; what all of them were looked at to is complete.
            var scan = new LotScan(reads, _hints, tenant, found.Wallet.Number, asset, after, limit + 1, Math.Max(LotsPerQuestion, (PageLotsMax - looked) / Math.Max(1, found.Balances.Length)));
            await scan.RunAsync(filter, attributes, rows, ct).ConfigureAwait(false);
            looked += scan.Looked;
            complete = Math.Min(complete, scan.CompleteTo);
        }

        rows.RemoveAll(lot => lot.Number > complete);
        rows.Sort((a, b) => a.Number.CompareTo(b.Number));
        var last = rows.Count > limit ? rows[limit - 1].Number : complete;
        return ([.. rows.Take(limit).Select(lot => (lot, 0L))], last == ulong.MaxValue ? null : tenant.Ids.Format(IdKind.Lot, last));
    }

    private static IEnumerable<UInt128> AssetsOf(WalletAccounts wallet, string? asset)
    {
        if (asset is null) return wallet.Balances.Select(balance => balance.Asset);
        var code = Encoding.UTF8.GetBytes(asset);
        return AssetCode.IsValid(code) ? [AssetCode.Pack(code)] : throw HistoryRefusedException.Of(LedgerResult.AssetNotFound);
    }

    /// <summary>One account's live lots, read in portions.</summary>
    private sealed class LotScan(StateReads reads, LotHints hints, TenantContext tenant, ulong wallet, UInt128 asset, ulong after, int wanted, int most)
    {
        public int Looked { get; private set; }

        /// <summary>No lot up to this number is missing; the largest number when none is left.</summary>
        public ulong CompleteTo { get; private set; } = after;

        public async ValueTask RunAsync(LotFilter filter, LotAttributes attributes, List<LotView> rows, CancellationToken ct)
        {
            var taken = 0;
            while (taken < wanted && Looked < most)
            {
                var question = new StateQuestion(CommandKind.ReadLots, Number: wallet, Subject: hints.Of(CompleteTo), After: CompleteTo, Asset: asset, Room: LotsPerQuestion * Unsafe.SizeOf<LotView>());
                var (result, found) = await reads.AskAsync(tenant, question, ct).ConfigureAwait(false);
                if (result != LedgerResult.Accepted) throw HistoryRefusedException.Of(result);
                var lots = ReadRows.All<LotView>(found);
                foreach (ref readonly var lot in lots)
                {
                    if (taken == wanted) return;
                    CompleteTo = lot.Number;
                    hints.Note(lot);
                    Looked++;
                    if (!filter.Fits(lot) || !attributes.Fit(lot.TermsSource)) continue;
                    rows.Add(lot);
                    taken++;
                }

                if (lots.Length < LotsPerQuestion)
                {
                    CompleteTo = ulong.MaxValue;
                    return;
                }
            }
        }
    }
}
