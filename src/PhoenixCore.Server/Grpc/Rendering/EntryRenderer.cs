using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Single entries. Any thread.</summary>
internal static class EntryRenderer
{
    public static async ValueTask<Entry> RenderAsync(TenantContext tenant, AssetDirectory assets, HistoryRow row, CancellationToken ct)
    {
        var handle = Find(row).Posting.Asset;
        return Render(tenant, row, await assets.FindAsync(tenant, handle, ct).ConfigureAwait(false) ?? throw new InvariantBrokenException("an entry's asset is not there"));
    }

    private static Entry Render(TenantContext tenant, HistoryRow row, AssetInfo asset)
    {
        var (posting, kind, reference, sequence) = Find(row);
        var isDebit = row.Place % 2 == 0;
        return new Entry
        {
            Id = tenant.Ids.Format(IdKind.Entry, Numbers.Of(row.Context.Sequence, row.Place)),
            TransactionId = tenant.Ids.Format(IdKind.Transaction, Numbers.Of(row.Context.Sequence, 0)),
            WalletId = tenant.Ids.Format(IdKind.Wallet, isDebit ? posting.DebitWallet : posting.CreditWallet),
            LotId = tenant.Ids.Format(IdKind.Lot, isDebit ? posting.DebitLot : posting.CreditLot),
            Amount = WireValues.AmountOf(posting.Amount, asset),
            Direction = isDebit ? Direction.Debit : Direction.Credit,
            Account = posting.Has(isDebit ? PostingFlags.DebitReserved : PostingFlags.CreditReserved) ? Column.Reserved : Column.Available,
            BalanceAfter = WireValues.AmountOf(isDebit ? posting.DebitAfter : posting.CreditAfter, asset),
            Sequence = sequence,
            CreatedAtUnixNs = row.Context.Stamp,
            Type = TransactionRenderer.TypeOf(kind),
            Reference = reference,
        };
    }

    private static unsafe (Ledger.Facts.Posting Posting, PartKind Kind, string Reference, ulong Sequence) Find(HistoryRow row)
    {
        fixed (byte* payload = row.Fact)
        {
            var parts = new FactParts(payload);
            var first = 0;
            foreach (var part in parts)
            {
                var index = (row.Place - first) / 2;
                first += 2 * part.Postings.Length;
                if (row.Place < first) return (part.Postings[index], part.Kind, WireValues.TextOf(part.Extras, ExtraTag.Reference), parts.Header->EventFirst);
            }
        }

        throw new InvariantBrokenException("a row names an entry that its fact does not have");
    }
}
