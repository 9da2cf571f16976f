namespace PhoenixCore.Shard.History.Trails;

/// <summary>All facts, one by one.</summary>
/// <param name="through">Later facts are not shown.</param>
public sealed class JournalTrail(ReadBudget budget, ulong through) : FactTrail(budget)
{
    private readonly ulong _first = budget.Reader.FirstSequence;
    private ulong _next = Math.Min(through, budget.Reader.LastSequence);

    public override bool MoveNext()
    {
        if (_next < _first) return false;
        Budget.Read(_next, Fact);
        _next--;
        return true;
    }
}
