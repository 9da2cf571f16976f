using PhoenixCore.Ledger;
using PhoenixCore.Shard.History.Search;

namespace PhoenixCore.Shard.History.Trails;

/// <summary>The facts that touch one wallet's accounts, along their entries' links.</summary>
public sealed class AccountTrail : FactTrail
{
    private readonly (AccountName Account, ulong Next)[] _chains;

    /// <param name="heads">The accounts as the live state has them.</param>
    /// <param name="through">Later facts are not shown.</param>
    /// <param name="finding">For the search where to begin.</param>
    public AccountTrail(ReadBudget budget, IReadOnlyList<AccountHead> heads, ulong through, ReadBudget finding)
        : base(budget)
    {
        _chains = new (AccountName, ulong)[heads.Count];
        var search = new EntrySearch(finding);
        for (var i = 0; i < _chains.Length; i++)
        {
            var head = heads[i];
            _chains[i] = (head.Account, Numbers.SequenceOf(head.LastEntry) <= through ? head.LastEntry : search.Find(head, through, EntryColumn.Any).Number);
        }
    }

    public override bool MoveNext()
    {
        var newest = 0UL;
        foreach (var (_, next) in _chains) newest = Math.Max(newest, next);
        if (newest == 0) return false;

        var sequence = Numbers.SequenceOf(newest);
        Budget.Read(sequence, Fact);
        for (var i = 0; i < _chains.Length; i++)
        {
            if (Numbers.SequenceOf(_chains[i].Next) == sequence) Invariant.That(EntriesOfFact.TryGoBack(Fact, _chains[i].Account, out _chains[i].Next));
        }

        return true;
    }
}
