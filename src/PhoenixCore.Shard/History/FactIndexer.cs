using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Shard.History;

/// <summary>What the side index of a sealed segment holds for one fact: the entries of its accounts, its references; and its key, for the key index.</summary>
public sealed unsafe class FactIndexer : IRecordIndexer
{
    /// <summary>Set in an account's number to name its reserved column; numbers never reach it.</summary>
    public const ulong ReservedColumn = 1UL << 63;

    /// <inheritdoc/>
    public void Index(in RecordHeader header, byte* payload, int payloadBytes, IIndexSink sink)
    {
        var ordinal = 0;
        foreach (var part in new FactParts(payload))
        {
            for (var i = 0; i < part.Postings.Length; i++)
            {
                ref readonly var posting = ref part.Postings[i];
                var debit = HistoryKey(posting.DebitWallet, posting.Asset, posting.Has(PostingFlags.DebitReserved));
                var credit = HistoryKey(posting.CreditWallet, posting.Asset, posting.Has(PostingFlags.CreditReserved));
                sink.Account(debit, Numbers.Of(header.Sequence, ordinal), posting.DebitAfter);
                sink.Account(credit, Numbers.Of(header.Sequence, ordinal + 1), posting.CreditAfter);
                ordinal += 2;
            }

            if (Extras.TryFind(part.Extras, ExtraTag.Reference, out var reference)) sink.Reference(ReferenceHash(header.Tenant, reference));
        }
    }

    /// <inheritdoc/>
    public bool TryReadKey(in RecordHeader header, byte* payload, out UInt128 key)
    {
        var fact = (FactHeader*)payload;
        key = new UInt128(fact->KeyHi, fact->KeyLo);
        return (fact->Flags & FactHeader.Keyed) != 0;
    }

    /// <summary>Names one column of one account in the side indexes, from what postings carry.</summary>
    public static ulong HistoryKey(ulong wallet, int asset, bool reserved) =>
        (Mix.Of(wallet, (ulong)asset) & ~ReservedColumn) | (reserved ? ReservedColumn : 0);

    public static ulong ReferenceHash(uint tenant, ReadOnlySpan<byte> reference) => SipHash.Hash128(tenant, reference).Lo;
}
