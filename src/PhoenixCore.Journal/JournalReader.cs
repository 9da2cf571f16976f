using System.Buffers;
using PhoenixCore.Journal.Metering;
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
    private const int EntryOrdinalBits = 12;

    private readonly SegmentCatalog _catalog;
    private readonly SegmentMaps _maps;
    private readonly IndexShelf _shelf;
    private readonly RecentGroups? _recent;
    private readonly RecordFinder _finder;
    private readonly DurableEnd _end;
    private readonly Guid _shard;
    private readonly JournalMeters _meters;

    internal JournalReader(JournalOptions options, SegmentCatalog catalog, SegmentMaps maps, IndexShelf shelf, DurableEnd end, JournalMeters meters, RecentGroups? recent = null)
    {
        _recent = recent;
        _catalog = catalog;
        _maps = maps;
        _shelf = shelf;
        _end = end;
        _shard = options.ShardId;
        _meters = meters;
        _finder = new RecordFinder(options, shelf);
    }

    /// <summary>Whatever <see cref="TryRead(ulong, Span{byte}, out RecordHeader)"/> copies goes through it; null = copies are as on disk. Cursors show what is on disk always.</summary>
    public IPayloadOpener? Opener { get; set; }

    /// <summary>The oldest sequence that can be read here; larger than 1 when older segments lie elsewhere.</summary>
    public ulong FirstSequence => _catalog.All is [var first, ..] ? first.FirstSequence : 1;

    /// <summary>The last durable sequence; 0 when there is none.</summary>
    public ulong LastSequence => _end.Sequence;

    /// <summary>Segments that hold or may take records, the active one included; prepared ones are not among them.</summary>
    public int SegmentCount => _catalog.All.Length;

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
            Copy(record, payload);
            return true;
        }
        catch (RecordDamagedException) when (_meters.SawDamage())
        {
            throw;
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
            Copy(record, payload.GetSpan(header.PayloadBytes));
            payload.Advance(header.PayloadBytes);
            return true;
        }
        catch (RecordDamagedException) when (_meters.SawDamage())
        {
            throw;
        }
        finally
        {
            map.Release();
        }
    }

    /// <summary>The position behind a durable record that ends a run, with the record's header: what a snapshot remembers.</summary>
    /// <returns>False when the record is not durable or not here, or its group does not end with it.</returns>
    public bool TryReadPosition(ulong sequence, out JournalPosition position, out RecordHeader header)
    {
        (position, header) = (default, default);
        if (sequence == 0 || sequence > _end.Sequence)
            return false;
        using (var records = OpenCursor(sequence))
        {
            if (!records.MoveNext() || records.Header.Sequence != sequence)
                return false;
            header = records.Header;
        }
        using var groups = OpenCursor(sequence);
        if (!groups.MoveNextGroup() || groups.GroupFirstSequence + (ulong)groups.GroupCount != sequence + 1)
            return false;
        position = new JournalPosition(sequence, groups.ChainAfter);
        return true;
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
    public JournalCursor OpenCursor(ulong fromSequence) => new(_catalog, _maps, _finder, _end, _shard, _meters, _recent, fromSequence);

    /// <summary>The run of an account's entries that reaches up to a sequence or over it: the last one that begins at or before it, as far as side indexes know.</summary>
    /// <param name="lookedThrough">Entries behind this sequence have not been considered.</param>
    /// <returns>False when no indexed segment has an entry of the account at or before the sequence.</returns>
    /// <remarks>Where the run's last entry lies at or before the sequence it is the account's last one then, with its balance. Otherwise the caller walks
    /// back from it by the entries' own links, at most 16,384 sequences, and finds one: the run's first.</remarks>
    public bool TryFindLastRun(ulong account, ulong atOrBefore, out AccountPositions run, out ulong lookedThrough)
    {
        var entries = _catalog.All;
        lookedThrough = Math.Min(_shelf.IndexedThrough, atOrBefore);
        var behind = lookedThrough + 1;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].FirstSequence < behind && entries[i].HasIndexFile && _shelf.Get(entries[i]).TryFindRun(account, (behind << EntryOrdinalBits) - 1, out run))
                return true;
        }
        run = default;
        return false;
    }

    /// <summary>Of an account whose balance only grows: the last run whose first balance is at most a value, as far as side indexes know.</summary>
    /// <param name="lookedThrough">Entries behind this sequence have not been considered.</param>
    public bool TryFindRising(ulong account, in Int128 value, out AccountPositions run, out ulong lookedThrough)
    {
        var entries = _catalog.All;
        lookedThrough = _shelf.IndexedThrough;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].LastSequence <= lookedThrough && entries[i].HasIndexFile && _shelf.Get(entries[i]).TryFindRising(account, value, out run))
                return true;
        }
        run = default;
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

    /// <summary>Adds sequences that carry a reference, newest first, as far as side indexes know.</summary>
    /// <param name="before">Only those before this one.</param>
    /// <param name="countMax">The list is not made longer than this.</param>
    /// <param name="lookedThrough">References of later records have not been considered.</param>
    public void FindReferences(ulong referenceHash, ulong before, List<ulong> sequences, int countMax, out ulong lookedThrough)
    {
        lookedThrough = _shelf.IndexedThrough;
        var entries = _catalog.All;
        for (var i = entries.Length - 1; i >= 0 && sequences.Count < countMax; i--)
        {
            if (entries[i].LastSequence <= lookedThrough && entries[i].HasIndexFile && entries[i].FirstSequence < before)
                _shelf.Get(entries[i]).FindReferences(referenceHash, before, sequences, countMax);
        }
    }

    /// <summary>The first sequence that carries a reference, as far as side indexes know.</summary>
    /// <param name="from">Earlier ones do not count.</param>
    /// <param name="lookedThrough">References of later records have not been considered.</param>
    public bool TryFindReference(ulong referenceHash, ulong from, out ulong sequence, out ulong lookedThrough)
    {
        lookedThrough = _shelf.IndexedThrough;
        sequence = 0;
        foreach (var entry in _catalog.All)
        {
            if (!entry.HasIndexFile || entry.LastSequence > lookedThrough)
                break;
            if (entry.LastSequence >= from && _shelf.Get(entry).TryFindReference(referenceHash, from, out sequence))
                return true;
        }
        return false;
    }

    private static ReadOnlySpan<byte> PayloadOf(RecordHeader* record) => new((byte*)record + RecordHeader.Size, record->PayloadBytes);

    private void Copy(RecordHeader* record, Span<byte> to)
    {
        PayloadOf(record).CopyTo(to);
        if (Opener is not { } opener || record->PayloadBytes == 0)
            return;
        fixed (byte* copy = to)
            opener.Open(*record, copy);
    }

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
