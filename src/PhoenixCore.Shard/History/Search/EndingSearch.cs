using PhoenixCore.Ledger;

namespace PhoenixCore.Shard.History.Search;

/// <summary>Finds the one fact that ended a thing of an account: by its key in the side indexes, in the newest part by walking. One thread.</summary>
public sealed class EndingSearch(ReadBudget budget)
{
    private readonly ulong _indexedThrough = budget.Reader.IndexedThrough;

    /// <param name="key">Under which the indexes know the ending.</param>
    /// <param name="madeAt">Sequence that made the thing.</param>
    /// <param name="head">The account that the ending has entries in.</param>
    /// <param name="isIt">Whether a fact is the one.</param>
    /// <param name="into">The fact, when it was found.</param>
    public bool TryFind(ulong key, ulong madeAt, AccountHead head, Func<HeldFact, bool> isIt, HeldFact into)
    {
        for (var from = madeAt; budget.Reader.TryFindReference(key, from, out var sequence, out _); from = sequence + 1)
        {
            budget.Read(sequence, into);
            if (isIt(into)) return true; // else another thing has the same hash
        }

        // Behind the indexes: from the newest entry back, and from the oldest candidate on, in turns.
        var bound = Math.Max(madeAt, _indexedThrough + 1);
        var (walk, scan) = (head.LastEntry, bound);
        while (Numbers.SequenceOf(walk) >= bound && scan <= budget.Reader.LastSequence)
        {
            budget.Read(Numbers.SequenceOf(walk), into);
            if (isIt(into)) return true;
            Invariant.That(EntriesOfFact.TryGoBack(into, head.Account, out walk));
            budget.Read(scan++, into);
            if (isIt(into)) return true;
        }

        return false;
    }
}
