namespace PhoenixCore.Shard.History.Trails;

/// <summary>The facts that may carry a reference: those of the newest part one by one, then those that the side indexes name.</summary>
public sealed class ReferenceTrail : FactTrail
{
    private const int IndexedAtOnce = 128;
    private readonly ulong _hash;
    private readonly ulong _indexedThrough;
    private readonly List<ulong> _found = [];
    private int _at;
    private ulong _below;

    /// <param name="through">Later facts are not shown.</param>
    public ReferenceTrail(ReadBudget budget, uint tenant, ReadOnlySpan<byte> reference, ulong through)
        : base(budget)
    {
        _hash = HistoryKeys.Reference(tenant, reference);
        _indexedThrough = budget.Reader.IndexedThrough;
        _below = Math.Min(through, budget.Reader.LastSequence) + 1;
    }

    public override bool MoveNext()
    {
        if (_below > _indexedThrough + 1)
        {
            Budget.Read(_below - 1, Fact);
            _below--;
            return true;
        }

        if (_at == _found.Count)
        {
            _found.Clear();
            _at = 0;
            Budget.Reader.FindReferences(_hash, _below, _found, IndexedAtOnce, out _);
            if (_found.Count == 0) return false;
        }

        Budget.Read(_found[_at], Fact);
        _below = _found[_at++];
        return true;
    }
}
