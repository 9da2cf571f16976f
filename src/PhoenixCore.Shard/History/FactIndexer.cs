using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Shard.History;

/// <summary>What the side index of a sealed segment holds for one fact: the entries of its accounts, its references, and what it made or ended; and its key, for the key index.</summary>
public sealed unsafe class FactIndexer : IRecordIndexer
{
    /// <inheritdoc/>
    public void Index(in RecordHeader header, byte* payload, int payloadBytes, IIndexSink sink)
    {
        var fact = (FactHeader*)payload;
        if (header.Tenant != 0) sink.Account(HistoryKeys.Events(header.Tenant), Numbers.Of(header.Sequence, 0), fact->EventFirst);
        var ordinal = 0;
        foreach (var part in new FactParts(payload))
        {
            foreach (ref readonly var posting in part.Postings)
            {
                var debit = HistoryKeys.Column(posting.DebitWallet, posting.Asset, posting.Has(PostingFlags.DebitReserved));
                var credit = HistoryKeys.Column(posting.CreditWallet, posting.Asset, posting.Has(PostingFlags.CreditReserved));
                sink.Account(debit, Numbers.Of(header.Sequence, ordinal), posting.DebitAfter);
                sink.Account(credit, Numbers.Of(header.Sequence, ordinal + 1), posting.CreditAfter);
                if (posting.Has(PostingFlags.DebitLotDepleted)) sink.Reference(HistoryKeys.LotDepleted(posting.DebitLot));
                ordinal += 2;
            }

            IndexThing(header.Tenant, part, sink);
            if (TextCipher.TryReadHash(part.Extras, out var hash))
            {
                if (hash != 0) sink.Reference(hash);
            }
            else if (Extras.TryFind(part.Extras, ExtraTag.Reference, out var reference)) sink.Reference(HistoryKeys.Reference(header.Tenant, reference));
        }
    }

    /// <inheritdoc/>
    public bool TryReadKey(in RecordHeader header, byte* payload, out UInt128 key)
    {
        var fact = (FactHeader*)payload;
        key = new UInt128(fact->KeyHi, fact->KeyLo);
        return (fact->Flags & FactHeader.Keyed) != 0;
    }

    private static void IndexThing(uint tenant, in FactPart part, IIndexSink sink)
    {
        if (part.ChangedReservation() is > 0 and var reservation && part.StatusAfter() != ReservationStatus.Pending) sink.Reference(HistoryKeys.ReservationEnded(reservation));
        switch (part.Kind)
        {
            case PartKind.WalletCreated:
                sink.Reference(HistoryKeys.WalletMade(tenant, part.Body<WalletCreatedBody>().AliasLo, part.Body<WalletCreatedBody>().AliasHi));
                break;
            case PartKind.AssetCreated:
                sink.Reference(HistoryKeys.AssetMade(tenant));
                break;
            case PartKind.TenantCreated:
                sink.Reference(HistoryKeys.TenantMade);
                break;
            default:
                break;
        }
    }
}
