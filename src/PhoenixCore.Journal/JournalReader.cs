using System.Buffers;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.SideIndex;

namespace PhoenixCore.Journal;

/// <summary>Reads durable records. Any thread, any number at once, while the journal is open.</summary>
/// <remarks>
/// Every record that is shown has been checked against its checksum; one that fails is a <see cref="RecordDamagedException"/>. Side indexes
/// cover sealed segments only: what they have not reached yet is in the caller's live state.
/// </remarks>
public sealed unsafe class JournalReader
{
    private readonly SegmentCatalog _catalog;
    private readonly SegmentMaps _maps;
    private readonly IndexShelf _shelf;
    private readonly RecordFinder _finder;
    private readonly DurableEnd _end;
    private readonly Guid _shard;

    internal JournalReader(JournalOptions options, SegmentCatalog catalog, SegmentMaps maps, IndexShelf shelf, DurableEnd end)
    {
        _catalog = catalog;
        _maps = maps;
        _shelf = shelf;
        _end = end;
        _shard = options.ShardId;
        _finder = new RecordFinder(options, shelf);
    }

    /// <summary>The oldest sequence that can be read here; larger than 1 when older segments lie elsewhere.</summary>
    public ulong FirstSequence => _catalog.All is [var first, ..] ? first.FirstSequence : 1;

    /// <summary>The last durable sequence; 0 when there is none.</summary>
    public ulong LastSequence => _end.Sequence;

    /// <summary>Segments that are sealed, in order.</summary>
    public IReadOnlyList<SegmentInfo> SealedSegments
    {
        get
        {
            var list = new List<SegmentInfo>();
            foreach (var entry in _catalog.All)
            {
                if (entry.IsSealed)
                    list.Add(entry.Describe());
            }
            return list;
        }
    }

    /// <summary>The last sequence up to which side indexes answer without a gap; 0 when there is none yet.</summary>
    public ulong IndexedThrough => _shelf.IndexedThrough;

    /// <summary>Copies a record's payload, padding included.</summary>
    /// <param name="payload">At least the record's payload; a shorter span is an <see cref="ArgumentException"/>.</param>
    /// <returns>False when the sequence is not durable yet, or older than what is here.</returns>
    public bool TryRead(ulong sequence, Span<byte> payload, out RecordHeader header)
    {
        if (!TryHold(sequence, out var entry, out var map))
        {
            header = default;
            return false;
        }
        try
        {
            var record = _finder.Find(entry, map, sequence);
            header = *record;
            PayloadOf(record).CopyTo(payload);
            return true;
        }
        finally
        {
            map.Release();
        }
    }

    /// <inheritdoc cref="TryRead(ulong, Span{byte}, out RecordHeader)"/>
    public bool TryRead(ulong sequence, IBufferWriter<byte> payload, out RecordHeader header)
    {
        if (!TryHold(sequence, out var entry, out var map))
        {
            header = default;
            return false;
        }
        try
        {
            var record = _finder.Find(entry, map, sequence);
            header = *record;
            payload.Write(PayloadOf(record));
            return true;
        }
        finally
        {
            map.Release();
        }
    }

    /// <summary>Finds the last durable record stamped at or before a time.</summary>
    /// <param name="stamp">Unix nanoseconds.</param>
    /// <returns>False when every record here is later, or there is none.</returns>
    public bool TryFindSequenceAt(long stamp, out ulong sequence)
    {
        var limit = _end.Sequence;
        var entries = _catalog.All;
        sequence = 0;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            var entry = entries[i];
            if (entry.FirstSequence > limit || entry.LastSequence < entry.FirstSequence || entry.FirstStampedAt > stamp)
                continue;
            var map = _maps.Acquire(entry);
            try
            {
                sequence = _finder.FindStampedAt(entry, map, stamp, limit);
                return true;
            }
            finally
            {
                map.Release();
            }
        }
        return false;
    }

    /// <summary>Begins a scan at a sequence, or at the first one there is behind it. Dispose the cursor.</summary>
    public JournalCursor OpenCursor(ulong fromSequence) => new(_catalog, _maps, _finder, _end, _shard, fromSequence);

    /// <summary>An account's first and last entry in one sealed segment.</summary>
    /// <returns>False when the account has no entry there, or the segment has no side index yet.</returns>
    public bool TryFindAccount(ulong segment, ulong account, out AccountPositions positions)
    {
        positions = default;
        foreach (var entry in _catalog.All)
        {
            if (entry.Number == segment)
                return entry.HasIndexFile && _shelf.Get(entry).TryFindAccount(account, out positions);
        }
        return false;
    }

    /// <summary>The last entry of an account at or before a sequence, and its balance, as far as side indexes know.</summary>
    /// <param name="lookedThrough">Entries behind this sequence have not been considered.</param>
    /// <returns>False when no indexed segment that ends at or before the sequence has one.</returns>
    /// <remarks>A segment that goes on past the sequence is left to the caller: walk back from its first entry, or scan it.</remarks>
    public bool TryFindLastEntry(ulong account, ulong atOrBefore, out ulong entryPosition, out Int128 balance, out ulong lookedThrough)
    {
        var entries = _catalog.All;
        (entryPosition, balance, lookedThrough) = (0, 0, 0);
        var through = Math.Min(_shelf.IndexedThrough, atOrBefore);
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (!entries[i].HasIndexFile || entries[i].LastSequence > through)
                continue;
            lookedThrough = Math.Max(lookedThrough, entries[i].LastSequence);
            if (!_shelf.Get(entries[i]).TryFindAccount(account, out var positions))
                continue;
            (entryPosition, balance) = (positions.LastEntry, positions.LastBalance);
            return true;
        }
        return false;
    }

    /// <summary>How the index of idempotency keys stands; zeros without an indexer.</summary>
    public KeyIndexState KeyIndex => Keys?.State ?? default;

    /// <summary>The index of keys; null without an indexer.</summary>
    internal KeyIndex.KeyIndex? Keys { get; set; }

    /// <summary>Begins to look for idempotency keys. Dispose it.</summary>
    /// <param name="needed">The search covers the records up to this one, or all durable ones if those are fewer; the calling thread works for it if the
    /// index is behind.</param>
    /// <param name="lagMax">As well when the index is more than so many records behind the durable end and nobody is at it.</param>
    /// <exception cref="InvalidOperationException">The journal was opened without an indexer.</exception>
    public KeySearch OpenKeySearch(ulong needed, ulong lagMax) =>
        new(Keys ?? throw new InvalidOperationException("The journal was opened without an indexer."), needed, lagMax);

    /// <summary>Whether a record here answers a key.</summary>
    internal bool HoldsKey(ulong sequence, in UInt128 key, IRecordIndexer indexer)
    {
        if (!TryHold(sequence, out var entry, out var map))
            return false;
        try
        {
            var record = _finder.Find(entry, map, sequence);
            return indexer.TryReadKey(*record, (byte*)record + RecordHeader.Size, out var held) && held == key;
        }
        finally
        {
            map.Release();
        }
    }

    /// <summary>A durable record's checksum; null when it is not here.</summary>
    internal uint? ChecksumOf(ulong sequence)
    {
        if (!TryHold(sequence, out var entry, out var map))
            return null;
        try
        {
            return _finder.Find(entry, map, sequence)->Checksum;
        }
        finally
        {
            map.Release();
        }
    }

    /// <summary>Adds every sequence that carries a reference, oldest first.</summary>
    /// <param name="lookedThrough">References of later records have not been considered.</param>
    public void FindReferences(ulong referenceHash, List<ulong> sequences, out ulong lookedThrough)
    {
        lookedThrough = _shelf.IndexedThrough;
        foreach (var entry in _catalog.All)
        {
            if (!entry.HasIndexFile || entry.LastSequence > lookedThrough)
                break;
            _shelf.Get(entry).FindReferences(referenceHash, sequences);
        }
    }

    private static ReadOnlySpan<byte> PayloadOf(RecordHeader* record) => new((byte*)record + RecordHeader.Size, record->PayloadBytes);

    private bool TryHold(ulong sequence, out SegmentEntry entry, out MappedSegment map)
    {
        (entry, map) = (null!, null!);
        if (sequence == 0 || sequence > _end.Sequence || _catalog.Holding(sequence) is not { } found)
            return false;
        entry = found;
        map = _maps.Acquire(found);
        return true;
    }
}
