using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal;

/// <summary>Scans durable records forward; stops at the last durable one and may be asked again later. One thread.</summary>
/// <remarks>Go either by records or by groups: after <see cref="MoveNextGroup"/> the next <see cref="MoveNext"/> is the first record behind that group,
/// and a move by group leaves the rest of the present one behind.</remarks>
public sealed unsafe class JournalCursor : IDisposable
{
    private readonly SegmentCatalog _catalog;
    private readonly SegmentMaps _maps;
    private readonly RecordFinder _finder;
    private readonly DurableEnd _end;
    private readonly Guid _shard;
    private readonly JournalMeters _meters;
    private readonly RecentGroups? _recent;
    private SegmentEntry? _entry;
    private MappedSegment? _map;
    private RecentGroup? _pinned;
    private byte* _segment; // where the present group's segment would begin
    private ulong _next;
    private long _nextGroup;
    private long _at;
    private long _recordsEnd;
    private GroupHeader* _group;
    private RecordHeader* _record;

    internal JournalCursor(SegmentCatalog catalog, SegmentMaps maps, RecordFinder finder, DurableEnd end, Guid shard, JournalMeters meters, RecentGroups? recent, ulong fromSequence)
    {
        _recent = recent;
        _catalog = catalog;
        _maps = maps;
        _finder = finder;
        _end = end;
        _shard = shard;
        _meters = meters;
        _next = Math.Max(1, fromSequence);
    }

    /// <summary>The present record's header.</summary>
    public RecordHeader Header => *Present;

    /// <summary>The present record's payload, padding included; valid until the cursor moves.</summary>
    public ReadOnlySpan<byte> Payload => new((byte*)Present + RecordHeader.Size, Present->PayloadBytes);

    /// <summary>The present record, header and payload; valid until the cursor moves.</summary>
    public ReadOnlySpan<byte> Record => new(Present, (int)Present->Length);

    /// <summary>The present group's records: whole runs, each record checked; valid until the cursor moves.</summary>
    public ReadOnlySpan<byte> GroupRecords => new((byte*)Group + GroupHeader.Size, (int)Group->Bytes);

    /// <summary>Number of records in the present group.</summary>
    public int GroupCount => (int)Group->Count;

    /// <summary>Sequence of the present group's first record.</summary>
    public ulong GroupFirstSequence => Group->FirstSequence;

    /// <summary>The chain's value before the present group.</summary>
    public ChainValue ChainBefore => Group->ChainBefore;

    /// <summary>The chain's value after the present group.</summary>
    public ChainValue ChainAfter => Group->ChainAfter;

    private RecordHeader* Present => _record is not null ? _record : throw new InvalidOperationException("The cursor is not on a record.");

    private GroupHeader* Group => _group is not null ? _group : throw new InvalidOperationException("The cursor is not on a group.");

    /// <summary>Moves to the next durable record.</summary>
    /// <returns>False when there is none yet; then it is on no record.</returns>
    /// <exception cref="RecordDamagedException">The record is not what was written; the cursor stays.</exception>
    public bool MoveNext()
    {
        try
        {
            return MoveNextRecord();
        }
        catch (RecordDamagedException) when (_meters.SawDamage())
        {
            throw;
        }
    }

    private bool MoveNextRecord()
    {
        _group = null;
        if (_next > _end.Sequence || !Settle())
        {
            Rest();
            return false;
        }
        // Settling stands before the group it found, for those who want it whole; whoever reads on inside it must not meet it again.
        if (_nextGroup < _at)
            _nextGroup += ((GroupHeader*)(_segment + _nextGroup))->FramedBytes;
        if (_at >= _recordsEnd && !EnterGroup())
        {
            Rest();
            return false;
        }
        var header = (RecordHeader*)(_segment + _at);
        RecordCheck.Demand(header, _recordsEnd - _at, _entry!.Number, _at);
        if (header->Sequence != _next)
            throw new RecordDamagedException(_entry.Number, _at, _next, $"it carries sequence {header->Sequence}");
        _record = header;
        _at += header->Length;
        _next++;
        return true;
    }

    /// <summary>Moves to the next durable group that holds records; the first time, to the one that holds the starting sequence.</summary>
    /// <returns>False when there is none yet.</returns>
    /// <exception cref="RecordDamagedException">A record in it is not what was written; the cursor stays.</exception>
    public bool MoveNextGroup()
    {
        try
        {
            return MoveNextWhole();
        }
        catch (RecordDamagedException) when (_meters.SawDamage())
        {
            throw;
        }
    }

    private bool MoveNextWhole()
    {
        _record = null;
        _group = null;
        if (_next > _end.Sequence || !Settle() || !EnterGroup())
        {
            Rest();
            return false;
        }
        var group = (GroupHeader*)(_segment + _at - GroupHeader.Size);
        try
        {
            DemandRecords();
        }
        catch (RecordDamagedException)
        {
            _nextGroup = _at - GroupHeader.Size; // it is still the next one
            throw;
        }
        _group = group;
        _next = group->LastSequence + 1;
        _at = _recordsEnd;
        return true;
    }

    public void Dispose()
    {
        LetGo();
        _map?.Release();
        _map = null;
        _entry = null;
        _record = null;
        _group = null;
    }

    /// <summary>Stands on the segment of the next record; the first time, on that record.</summary>
    private bool Settle()
    {
        if (_entry is not null)
            return true;
        if (_catalog.Holding(_next) is not { } entry)
        {
            if (_catalog.All is not [var first, ..])
                return false;
            (entry, _next) = (first, first.FirstSequence);
        }
        Take(entry);
        var record = (byte*)_finder.Find(entry, _map!, _next);
        _at = record - _map!.Address;
        var walk = new GroupWalk(_map.Address, entry.ValidEnd, _shard, entry.Number);
        while (walk.TryNext(out var group))
        {
            if (walk.Offset + GroupHeader.Size + group->Bytes <= _at)
                continue;
            _recordsEnd = walk.Offset + GroupHeader.Size + group->Bytes;
            _nextGroup = walk.Offset;
            break;
        }
        return true;
    }

    /// <summary>Goes to the start of the next group with records, over the segment's end if need be.</summary>
    private bool EnterGroup()
    {
        while (true)
        {
            if (_nextGroup >= _entry!.ValidEnd)
            {
                // The next segment appears after the last group of this one, so the end is looked at again behind it.
                if (_catalog.After(_entry) is not { } after)
                    return false;
                if (_nextGroup >= _entry.ValidEnd)
                    Take(after);
                continue;
            }
            Enter(_nextGroup);
            var group = (GroupHeader*)(_segment + _nextGroup);
            if (!GroupHeader.StandsAt(group, _shard, _entry.Number, _nextGroup))
                throw new RecordDamagedException(_entry.Number, _nextGroup, _next, "no group header stands here");
            _at = _nextGroup + GroupHeader.Size;
            _recordsEnd = _at + group->Bytes;
            _nextGroup += group->FramedBytes;
            if (group->Count != 0)
                return true;
        }
    }

    private void Take(SegmentEntry entry)
    {
        var map = _maps.Acquire(entry);
        _map?.Release();
        (_map, _entry, _nextGroup) = (map, entry, Page.Size);
        LetGo();
        _segment = map.Address;
        _at = _recordsEnd = 0; // places of the segment before: were its first group unreadable now, it would be taken for one that was read
    }

    /// <summary>Reads a group where it is in memory, if it is.</summary>
    private void Enter(long offset)
    {
        LetGo();
        _pinned = _recent?.TryPin(_entry!.Number, offset);
        _segment = _pinned is { } recent ? recent.Memory - offset : _map!.Address;
    }

    private void DemandRecords()
    {
        for (var at = _at; at < _recordsEnd;)
        {
            var header = (RecordHeader*)(_segment + at);
            RecordCheck.Demand(header, _recordsEnd - at, _entry!.Number, at);
            at += header->Length;
        }
    }

    /// <summary>There is nothing more yet: whoever waits here for long holds nothing meanwhile.</summary>
    private void Rest()
    {
        _record = null;
        if (_at >= _recordsEnd)
            LetGo();
    }

    private void LetGo()
    {
        _pinned?.Unpin();
        _pinned = null;
    }
}
