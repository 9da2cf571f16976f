using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.SideIndex;

namespace PhoenixCore.Journal.Segments;

/// <summary>Finds records inside one segment by way of its marks. Any thread.</summary>
internal sealed unsafe class RecordFinder(JournalOptions options, IndexShelf shelf)
{
    /// <summary>The marks of a segment: from its side index, from memory, or walked together now.</summary>
    public ReadOnlySpan<DirectoryMark> MarksOf(SegmentEntry entry, MappedSegment map)
    {
        if (entry.Directory is { } directory)
            return directory.Published;
        if (entry.HasIndexFile)
            return shelf.Get(entry).Marks;
        lock (entry)
        {
            var walked = entry.Directory ?? WalkTogether(entry, map);
            entry.Directory = walked;
            return walked.Published;
        }
    }

    /// <summary>The place of a record that the segment is known to hold.</summary>
    public RecordHeader* Find(SegmentEntry entry, MappedSegment map, ulong sequence)
    {
        var mark = LastAtOrBefore(MarksOf(entry, map), sequence, static (in DirectoryMark m) => m.Sequence);
        long at = mark.Offset;
        for (var expected = mark.Sequence; ; expected++)
        {
            var header = (RecordHeader*)(map.Address + at);
            RecordCheck.DemandLength(header, mark.RecordsEnd - at, entry.Number, at);
            if (header->Sequence != expected)
                throw new RecordDamagedException(entry.Number, at, expected, $"it carries sequence {header->Sequence}");
            if (expected == sequence)
            {
                RecordCheck.Demand(header, mark.RecordsEnd - at, entry.Number, at);
                return header;
            }
            at += header->Length;
        }
    }

    /// <summary>The last sequence stamped at or before a time, in a segment whose first record is.</summary>
    /// <param name="limit">Sequences after this one do not exist yet.</param>
    public ulong FindStampedAt(SegmentEntry entry, MappedSegment map, long stamp, ulong limit)
    {
        var mark = LastAtOrBefore(MarksOf(entry, map), (ulong)stamp, static (in DirectoryMark m) => (ulong)m.StampedAt);
        long at = mark.Offset;
        var found = mark.Sequence;
        for (var expected = mark.Sequence; at < mark.RecordsEnd && expected <= limit; expected++)
        {
            var header = (RecordHeader*)(map.Address + at);
            RecordCheck.DemandLength(header, mark.RecordsEnd - at, entry.Number, at);
            if (header->StampedAt > stamp)
                break;
            found = expected;
            at += header->Length;
        }
        return found;
    }

    private static DirectoryMark LastAtOrBefore(ReadOnlySpan<DirectoryMark> marks, ulong wanted, MarkKey key)
    {
        int low = 0, high = marks.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (key(marks[middle]) <= wanted)
                low = middle;
            else
                high = middle - 1;
        }
        return marks[low];
    }

    private SegmentDirectory WalkTogether(SegmentEntry entry, MappedSegment map)
    {
        var directory = new SegmentDirectory(entry.ValidEnd);
        var walk = new GroupWalk(map.Address, entry.ValidEnd, options.ShardId, entry.Number);
        while (walk.TryNext(out var group))
        {
            var start = walk.Offset + GroupHeader.Size;
            var end = start + group->Bytes;
            var nextMark = start;
            for (var at = start; at < end;)
            {
                var header = (RecordHeader*)(map.Address + at);
                RecordCheck.DemandLength(header, end - at, entry.Number, at);
                if (at >= nextMark)
                {
                    directory.Add(new(header->Sequence, header->StampedAt, (uint)at, (uint)end));
                    nextMark = at + DirectoryMark.Spacing;
                }
                at += header->Length;
            }
        }
        directory.Publish();
        return directory;
    }

    private delegate ulong MarkKey(in DirectoryMark mark);
}
