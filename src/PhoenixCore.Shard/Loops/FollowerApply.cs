using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Recovery;

namespace PhoenixCore.Shard.Loops;

/// <summary>Applies what is committed from the copy's own journal, group by group, so that it always stands where a run ends. In the writer's seat.</summary>
internal sealed unsafe class FollowerApply(JournalReader durable, LedgerCore ledger, ShardCursors cursors) : IDisposable
{
    private readonly ReplayVisitor _visitor = new(ledger);
    private JournalCursor? _cursor;
    private bool _holdsGroup;

    /// <summary>Something is committed that is not applied.</summary>
    public bool HasWork => cursors.Committed > ledger.Sequence;

    /// <summary>Applies the next group, if it is committed.</summary>
    /// <param name="all">Committed or not.</param>
    /// <returns>False when there is none.</returns>
    public bool Step(bool all = false)
    {
        if (!all && !HasWork) return false;
        _cursor ??= durable.OpenCursor(ledger.Sequence + 1);
        if (!_holdsGroup && !_cursor.MoveNextGroup()) return false;
        _holdsGroup = true;
        var last = _cursor.GroupFirstSequence + (ulong)_cursor.GroupCount - 1;
        if (!all && last > cursors.Committed) return false;
        var records = _cursor.GroupRecords;
        fixed (byte* start = records)
        {
            var at = start;
            var left = _cursor.GroupCount;
            for (; left > 0 && ((RecordHeader*)at)->Sequence <= ledger.Sequence; left--) at += ((RecordHeader*)at)->Length; // the opening stood inside it
            _visitor.VisitRun(at, (int)(start + records.Length - at), left);
        }

        _holdsGroup = false;
        return true;
    }

    public void Dispose() => _cursor?.Dispose();
}
