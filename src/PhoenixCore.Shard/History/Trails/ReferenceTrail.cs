namespace PhoenixCore.Shard.History.Trails;

/// <summary>The facts that may carry a reference: those of the newest part one by one, then those that the side indexes name.</summary>
public sealed class ReferenceTrail : FactTrail
{
    private const int IndexedAtOnce = 128;
    private readonly ulong[] _hashes;
    private readonly ulong _indexedThrough;
    private readonly List<ulong> _found = [];
    private int _at;
    private ulong _below;

    /// <param name="hashes">Under which side indexes know it: as enciphered, as plain.</param>
    /// <param name="through">Later facts are not shown.</param>
    public ReferenceTrail(ReadBudget budget, ulong[] hashes, ulong through)
        : base(budget)
    {
        _hashes = hashes;
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

        if (_at == _found.Count && !TryFindMore()) return false;
        Budget.Read(_found[_at], Fact);
        _below = _found[_at++];
        return true;
    }

    /// <summary>Newest first, of all hashes together; not below where one of them was given up, so that none is passed over.</summary>
    private bool TryFindMore()
    {
        _found.Clear();
        _at = 0;
        var lowest = 0UL;
        foreach (var hash in _hashes)
        {
            var before = _found.Count;
            Budget.Reader.FindReferences(hash, _below, _found, before + IndexedAtOnce, out _);
            if (_found.Count >= before + IndexedAtOnce) lowest = Math.Max(lowest, _found[^1]);
        }

        if (_hashes.Length > 1)
        {
            var merged = _found.Where(sequence => sequence >= lowest).Distinct().OrderDescending().ToArray();
            _found.Clear();
            _found.AddRange(merged);
        }

        return _found.Count > 0;
    }
}
