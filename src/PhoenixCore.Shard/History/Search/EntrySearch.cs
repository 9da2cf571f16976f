using PhoenixCore.Ledger;

namespace PhoenixCore.Shard.History.Search;

/// <summary>Finds an account's last entry as of a fact: a search in the side indexes, then a few links; no replay. One thread.</summary>
/// <remarks>
/// In the newest part, which has no index yet, two walks take turns: down the account's own links from the live state's last entry, and down the journal from
/// the wanted fact. A quiet account is found by the first, a busy one by the second.
/// </remarks>
public sealed class EntrySearch(ReadBudget budget)
{
    private readonly HeldFact _fact = new();
    private readonly HeldFact _other = new();
    private readonly ulong _indexedThrough = budget.Reader.IndexedThrough;

    /// <param name="head">The account's last entry; 0 = it has none.</param>
    /// <param name="sequence">Entries of later facts do not count.</param>
    /// <returns>An entry that does not exist when there was none by then.</returns>
    public FoundEntry Find(AccountHead head, ulong sequence, EntryColumn column)
    {
        if (head.LastEntry == 0 || sequence == 0) return default;
        if (sequence <= _indexedThrough) return FindIndexed(head, sequence, column);

        var (walk, scan) = (head.LastEntry, sequence);
        while (true)
        {
            if (Numbers.SequenceOf(walk) <= _indexedThrough || scan <= _indexedThrough) return FindIndexed(head, _indexedThrough, column);
            if (WalkOn(head.Account, sequence, column, ref walk) is { Exists: true } walked) return walked;
            if (walk == 0) return default;
            budget.Read(scan--, _other);
            if (EntriesOfFact.Last(_other, head.Account, column) is { Exists: true } scanned) return scanned;
        }
    }

    /// <summary>The same for a journal at rest, where no live state says how an account ends: what has no index is looked through.</summary>
    public FoundEntry Find(AccountName account, ulong sequence, EntryColumn column)
    {
        for (; sequence > _indexedThrough; sequence--)
        {
            budget.Read(sequence, _other);
            if (EntriesOfFact.Last(_other, account, column) is { Exists: true } found) return found;
        }

        return FindIndexed(new AccountHead(account, 0), sequence, column);
    }

    private FoundEntry FindIndexed(AccountHead head, ulong sequence, EntryColumn column)
    {
        if (sequence == 0) return default;
        if (column != EntryColumn.Any) return FindIndexedIn(head, sequence, column);
        var available = FindIndexedIn(head, sequence, EntryColumn.Available);
        var reserved = FindIndexedIn(head, sequence, EntryColumn.Reserved);
        return available.Number > reserved.Number ? available : reserved;
    }

    private FoundEntry FindIndexedIn(AccountHead head, ulong sequence, EntryColumn column)
    {
        var key = HistoryKeys.Column(head.Account.Wallet, head.Account.Asset, column == EntryColumn.Reserved);
        if (!budget.Reader.TryFindLastRun(key, sequence, out var run, out _)) return default;

        // The index knows hashes; what it names is looked at before it is believed.
        budget.Read(Numbers.SequenceOf(run.LastEntry), _fact);
        var walk = run.LastEntry;
        if (EntriesOfFact.Last(_fact, head.Account, column).Number != run.LastEntry)
            walk = head.LastEntry != 0 ? head.LastEntry : throw new HistoryLimitException();
        while (walk != 0)
        {
            if (WalkOn(head.Account, sequence, column, ref walk) is { Exists: true } found) return found;
        }

        return default;
    }

    /// <summary>Looks at the fact of one entry; afterwards the walk stands on the entry before it.</summary>
    private FoundEntry WalkOn(AccountName account, ulong sequence, EntryColumn column, ref ulong walk)
    {
        budget.Read(Numbers.SequenceOf(walk), _fact);
        if (Numbers.SequenceOf(walk) <= sequence && EntriesOfFact.Last(_fact, account, column) is { Exists: true } found) return found;
        Invariant.That(EntriesOfFact.TryGoBack(_fact, account, out walk));
        return default;
    }
}
