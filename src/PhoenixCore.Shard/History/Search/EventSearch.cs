using PhoenixCore.Ledger;

namespace PhoenixCore.Shard.History.Search;

/// <summary>From a tenant's own event number, which callers see, to the place in the shard's order, which they do not. One thread.</summary>
public sealed class EventSearch(ReadBudget budget)
{
    private readonly HeldFact _fact = new();

    /// <summary>The last fact of the tenant whose first event is at most a number.</summary>
    /// <returns>Its sequence; 0 = there is none.</returns>
    public ulong Find(uint tenant, ulong number)
    {
        var isIndexed = budget.Reader.TryFindRising(HistoryKeys.Events(tenant), number, out var run, out var indexedThrough);
        if (FindBehind(tenant, number, indexedThrough + 1) is > 0 and var behind) return behind;
        if (!isIndexed) return 0;
        var found = 0UL;
        for (var sequence = Numbers.SequenceOf(run.FirstEntry); sequence <= Numbers.SequenceOf(run.LastEntry); sequence++)
        {
            budget.Read(sequence, _fact);
            if (_fact.Context.Tenant != tenant) continue;
            if (_fact.EventFirst > number) break;
            found = sequence;
        }

        return found;
    }

    /// <summary>The tenant's number of the last event at or before a sequence, and that fact's time.</summary>
    /// <returns>Number 0 when it had none by then.</returns>
    public (ulong Number, long Stamp) NumberAt(uint tenant, ulong sequence)
    {
        var isIndexed = budget.Reader.TryFindLastRun(HistoryKeys.Events(tenant), sequence, out var run, out var indexedThrough);
        var first = isIndexed ? Numbers.SequenceOf(run.FirstEntry) : indexedThrough + 1;
        for (; sequence >= first; sequence--)
        {
            if (isIndexed && sequence <= indexedThrough) sequence = Math.Min(sequence, Numbers.SequenceOf(run.LastEntry));
            budget.Read(sequence, _fact);
            if (_fact.Context.Tenant == tenant) return (_fact.EventFirst, _fact.Context.Stamp);
        }

        return default;
    }

    /// <summary>By halves; facts of other tenants are stepped over downward.</summary>
    private ulong FindBehind(uint tenant, ulong number, ulong first)
    {
        var (low, high, found) = (first, budget.Reader.LastSequence, 0UL);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var sequence = middle;
            for (; sequence >= low; sequence--)
            {
                budget.Read(sequence, _fact);
                if (_fact.Context.Tenant == tenant) break;
            }

            if (sequence < low) low = middle + 1;
            else if (_fact.EventFirst <= number) (found, low) = (sequence, middle + 1);
            else high = sequence - 1;
        }

        return found;
    }
}
