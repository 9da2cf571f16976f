using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History.Search;

/// <summary>Finds an account's entries within one fact.</summary>
internal static class EntriesOfFact
{
    /// <summary>The last one in a column; none when the fact does not touch it.</summary>
    public static FoundEntry Last(HeldFact fact, AccountName account, EntryColumn column)
    {
        FoundEntry found = default;
        var ordinal = 0;
        foreach (var part in fact.Parts)
        {
            foreach (ref readonly var posting in part.Postings)
            {
                if (account.IsDebitOf(posting) && IsIn(column, posting.Has(PostingFlags.DebitReserved)))
                    found = new FoundEntry(Numbers.Of(fact.Context.Sequence, ordinal), posting.DebitAfter, posting.DebitPrevious);
                if (account.IsCreditOf(posting) && IsIn(column, posting.Has(PostingFlags.CreditReserved)))
                    found = new FoundEntry(Numbers.Of(fact.Context.Sequence, ordinal + 1), posting.CreditAfter, posting.CreditPrevious);
                ordinal += 2;
            }
        }

        return found;
    }

    /// <summary>The account's entry before this fact: the link of its first one in it. False when the fact does not touch the account.</summary>
    public static bool TryGoBack(HeldFact fact, AccountName account, out ulong previous)
    {
        foreach (var part in fact.Parts)
        {
            foreach (ref readonly var posting in part.Postings)
            {
                if (account.IsDebitOf(posting))
                {
                    previous = posting.DebitPrevious;
                    return true;
                }

                if (!account.IsCreditOf(posting)) continue;
                previous = posting.CreditPrevious;
                return true;
            }
        }

        previous = 0;
        return false;
    }

    private static bool IsIn(EntryColumn column, bool reserved) => column == EntryColumn.Any || (column == EntryColumn.Reserved) == reserved;
}
