using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Framing;

/// <summary>Turns the records of a <see cref="GroupBuffer"/> into a framed group. One thread; allocates nothing.</summary>
internal sealed unsafe class GroupComposer(RecordChain chain) : IDisposable
{
    public RecordChain Chain { get; } = chain;

    /// <summary>Sums the records, closes the run and writes header and padding around them.</summary>
    /// <param name="place">Segment, offset, numbers and watermark; the rest of the header is filled in here.</param>
    /// <returns>The framed size.</returns>
    public int ComposeRun(GroupBuffer group, GroupHeader place, SegmentDirectory directory)
    {
        place.RecordChecksums = SumRecords(group, ref place, directory);
        place.ChainBefore = Chain.Value;
        place.ChainAfter = Chain.Extend(group.RecordsStart, group.Used);
        return Frame(group, place);
    }

    /// <summary>As <see cref="ComposeRun"/> for whole runs that came from another copy, already summed and verified.</summary>
    public static int ComposeVerified(GroupBuffer group, GroupHeader place, ChainValue before, ChainValue after)
    {
        place.ChainBefore = before;
        place.ChainAfter = after;
        return Frame(group, place);
    }

    /// <summary>A group without records: it attests the one before it.</summary>
    public int ComposeSeal(GroupBuffer empty, GroupHeader place)
    {
        place.ChainBefore = Chain.Value;
        place.ChainAfter = Chain.Value;
        place.RecordChecksums = Crc32C.Of(null, 0);
        return Frame(empty, place);
    }

    public void Dispose() => Chain.Dispose();

    private static int Frame(GroupBuffer group, GroupHeader place)
    {
        place.Bytes = (uint)group.Used;
        place.Count = (uint)group.Count;
        var header = (GroupHeader*)group.Memory;
        *header = place;
        GroupHeader.Finish(header);
        var framed = GroupHeader.Framed(group.Used);
        new Span<byte>(group.Tail, framed - GroupHeader.Size - group.Used).Clear();
        return framed;
    }

    private static uint SumRecords(GroupBuffer group, ref GroupHeader place, SegmentDirectory directory)
    {
        var records = stackalloc byte*[4];
        var sums = stackalloc uint[4];
        var walk = new RecordWalk(group.RecordsStart, place, group.Used, directory);
        var sequence = group.FirstSequence;
        var stamp = place.StampedAt;
        var all = uint.MaxValue;
        for (var left = group.Count; left > 0;)
        {
            var batch = Math.Min(left, 4);
            for (var i = 0; i < batch; i++)
            {
                var header = walk.Next();
                Invariant.That(header->Sequence == sequence && header->Epoch == place.Epoch && header->StampedAt >= stamp);
                Invariant.That((header->Kind & RecordHeader.RunEndBit) == 0);
                if (left - i == 1)
                    header->Kind |= RecordHeader.RunEndBit;
                sequence++;
                stamp = header->StampedAt;
                records[i] = (byte*)header;
            }
            Sum(records, sums, batch);
            for (var i = 0; i < batch; i++)
            {
                ((RecordHeader*)records[i])->Checksum = sums[i];
                all = System.Numerics.BitOperations.Crc32C(all, sums[i]);
            }
            left -= batch;
        }
        Invariant.That(walk.AtEnd);
        place.StampedAt = stamp;
        return ~all;
    }

    private static void Sum(byte** records, uint* sums, int count)
    {
        if (count == 4)
        {
            Crc32C.OfFourRecords(records, sums);
            return;
        }
        for (var i = 0; i < count; i++)
            sums[i] = Crc32C.OfRecord(records[i], ((RecordHeader*)records[i])->Length);
    }

    /// <summary>Steps over the buffer's records and leaves marks in the directory.</summary>
    private ref struct RecordWalk(byte* start, in GroupHeader place, int bytes, SegmentDirectory directory)
    {
        private readonly long _base = place.Offset + GroupHeader.Size;
        private int _at;
        private int _nextMark;

        public readonly bool AtEnd => _at == bytes;

        public RecordHeader* Next()
        {
            var header = (RecordHeader*)(start + _at);
            Invariant.That(header->Length >= RecordHeader.Size && header->Length <= bytes - _at && header->Length % RecordHeader.Alignment == 0);
            if (_at >= _nextMark)
            {
                directory.Add(new(header->Sequence, header->StampedAt, (uint)(_base + _at), (uint)(_base + bytes)));
                _nextMark = _at + DirectoryMark.Spacing;
            }
            _at += (int)header->Length;
            return header;
        }
    }
}
