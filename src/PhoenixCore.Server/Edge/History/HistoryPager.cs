using PhoenixCore.Ledger;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.History.Trails;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Walks a trail downward and collects the rows of a list. One caller at a time.</summary>
internal sealed class HistoryPager
{
    private readonly uint _tenant;
    private readonly HistoryFilter _filter;
    private readonly FactTrail _trail;
    private readonly ulong _below;
    private readonly ulong _first;
    private readonly List<int> _places = [];
    private readonly Queue<HistoryRow> _waiting = new();
    private int _bytes;

    /// <param name="tenant">Facts of others are passed over.</param>
    /// <param name="below">Rows at or behind this place were shown before; <see cref="ulong.MaxValue"/> = none were.</param>
    /// <param name="first">Facts before this sequence do not count.</param>
    public HistoryPager(uint tenant, HistoryFilter filter, FactTrail trail, ulong below, ulong first)
    {
        (_tenant, _filter, _trail, _below, _first) = (tenant, filter, trail, below, first);
        Passed = below;
    }

    /// <summary>How reservations ended in the facts that were passed.</summary>
    public Dictionary<ulong, ReservationOutcome> Endings { get; } = [];

    /// <summary>Sequence and place behind which nothing is left to look at.</summary>
    public ulong Passed { get; private set; }

    /// <summary>Nothing older can belong to the list.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The page has cost what a page may cost; the next one goes on.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>The next row, newest first.</summary>
    /// <returns>False at the end, or when the page is spent.</returns>
    public bool TryNext(out HistoryRow row)
    {
        while (!_waiting.TryDequeue(out row))
        {
            if (IsAtEnd || IsSpent || !TryAdvance()) return false;
        }

        Passed = Numbers.Of(row.Context.Sequence, row.Place);
        return true;
    }

    private bool TryAdvance()
    {
        try
        {
            IsAtEnd = !_trail.MoveNext() || _trail.Fact.Context.Stamp < _filter.Question.From || _trail.Fact.Context.Sequence < _first;
        }
        catch (HistoryLimitException)
        {
            IsSpent = true;
            return false;
        }

        if (IsAtEnd) return false;
        Take(_trail.Fact);
        return true;
    }

    private void Take(HeldFact fact)
    {
        var sequence = fact.Context.Sequence;
        if (fact.Context.Tenant == _tenant)
        {
            ReservationEndings.Note(fact, Endings);
            _places.Clear();
            _filter.AddRows(fact.Parts, _places);
            if (_places.Count > 0) Keep(fact);
        }

        if (_waiting.Count == 0) Passed = Numbers.Of(sequence, 0);
    }

    private void Keep(HeldFact fact)
    {
        byte[]? copy = null;
        for (var i = _places.Count - 1; i >= 0; i--)
        {
            if (Numbers.Of(fact.Context.Sequence, _places[i]) >= _below) continue;
            copy ??= fact.Copy();
            _waiting.Enqueue(new HistoryRow(copy, fact.Context, _places[i]));
        }

        _bytes += copy?.Length ?? 0;
        IsSpent |= _bytes > HistoryLimits.PageBytesMax; // after the rows of this fact
    }
}
