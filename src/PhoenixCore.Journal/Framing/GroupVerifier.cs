using System.Numerics;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Framing;

/// <summary>Follows a journal group by group and says of each whether it is the next one, whole. One thread.</summary>
internal sealed unsafe class GroupVerifier(Guid shard) : IDisposable
{
    private readonly RecordChain _chain = new(RecordChain.Genesis(shard));

    /// <summary>Number of the last group; the next one must be this plus one.</summary>
    public ulong Group { get; private set; }

    /// <summary>Sequence of the last record.</summary>
    public ulong Sequence { get; private set; }

    public ulong Epoch { get; private set; }

    public long StampedAt { get; private set; }

    public ChainValue Chain => _chain.Value;

    /// <summary>Begins in the middle of a journal, trusting the header of the first group; its records are verified like any other's.</summary>
    public void BeginAt(in GroupHeader first)
    {
        Group = first.Group - 1;
        Sequence = first.FirstSequence - 1;
        _chain.Restart(first.ChainBefore);
    }

    /// <summary>Judges the bytes at a place; takes the group in if it is whole, else stays where it is.</summary>
    /// <param name="available">Readable bytes from here on; fewer than the group needs means torn.</param>
    /// <param name="directory">Gets the marks; published only when the group is whole. May be null.</param>
    /// <param name="runEnd">Is told each run's last sequence and the chain value there. May be null.</param>
    public GroupVerdict Take(byte* place, long available, ulong segment, long offset, SegmentDirectory? directory, Action<ulong, ChainValue, long>? runEnd = null)
    {
        if (available < GroupHeader.Size)
            return GroupVerdict.NoHeader;
        var header = (GroupHeader*)place;
        if (!GroupHeader.StandsAt(header, shard, segment, offset))
            return GroupVerdict.NoHeader;
        if (header->Group != Group + 1 || header->FirstSequence != Sequence + 1 || header->ChainBefore != _chain.Value || header->Epoch < Epoch)
            return GroupVerdict.DoesNotFollow;
        if (header->FramedBytes > available)
            return GroupVerdict.Torn;

        var before = _chain.Value;
        var verdict = TakeRecords(header, offset, directory, runEnd);
        if (verdict != GroupVerdict.Whole)
        {
            _chain.Restart(before);
            return verdict;
        }
        directory?.Publish();
        Group = header->Group;
        Sequence = header->FirstSequence + header->Count - 1;
        Epoch = header->Epoch;
        StampedAt = header->StampedAt;
        return GroupVerdict.Whole;
    }

    /// <summary>Verifies whole runs that came from elsewhere and carries the chain over them.</summary>
    /// <returns>False when a record is malformed or does not follow; the chain is then where it was.</returns>
    public static bool TryFollow(GroupBuffer runs, RecordChain chain, ref GroupHeader place, SegmentDirectory directory)
    {
        var before = chain.Value;
        var walk = new Walk(runs.RecordsStart, runs.Used, place.FirstSequence, place.Offset, directory);
        if (walk.Run(chain, null) && walk is { RecordsBad: false, Count: var count } && count == runs.Count)
        {
            place.RecordChecksums = walk.Checksums;
            place.StampedAt = walk.StampedAt;
            place.Epoch = Math.Max(place.Epoch, walk.Epoch);
            return true;
        }
        chain.Restart(before);
        directory.Withdraw();
        return false;
    }

    public void Dispose() => _chain.Dispose();

    private GroupVerdict TakeRecords(GroupHeader* header, long offset, SegmentDirectory? directory, Action<ulong, ChainValue, long>? runEnd)
    {
        var walk = new Walk((byte*)header + GroupHeader.Size, (int)header->Bytes, header->FirstSequence, offset, directory);
        if (!walk.Run(_chain, runEnd) || walk.Count != header->Count || _chain.Value != header->ChainAfter)
            return GroupVerdict.Torn;
        return walk.RecordsBad || walk.Checksums != header->RecordChecksums ? GroupVerdict.Malformed : GroupVerdict.Whole;
    }

    /// <summary>One pass over a group's records: lengths, sequences, checksums, runs and marks.</summary>
    private ref struct Walk(byte* records, int bytes, ulong sequence, long groupOffset, SegmentDirectory? directory)
    {
        private readonly long _base = groupOffset + GroupHeader.Size;
        private uint _checksums = uint.MaxValue;
        private int _nextMark;

        public uint Count { get; private set; }

        public bool RecordsBad { get; private set; }

        public long StampedAt { get; private set; }

        public ulong Epoch { get; private set; }

        public readonly uint Checksums => ~_checksums;

        /// <summary>False when the lengths do not lead to the end or the last record does not end a run.</summary>
        public bool Run(RecordChain chain, Action<ulong, ChainValue, long>? runEnd)
        {
            var batch = stackalloc byte*[4];
            var sums = stackalloc uint[4];
            var at = 0;
            var runStart = 0;
            while (at < bytes)
            {
                var count = 0;
                for (; count < 4 && at < bytes; count++)
                {
                    if (!TryStep(at, out var length))
                        return false;
                    batch[count] = records + at;
                    at += length;
                }
                Check(batch, sums, count);
                for (var i = 0; i < count; i++)
                {
                    if (!((RecordHeader*)batch[i])->EndsRun)
                        continue;
                    var end = (int)(batch[i] - records) + (int)((RecordHeader*)batch[i])->Length;
                    var value = chain.Extend(records + runStart, end - runStart);
                    runEnd?.Invoke(((RecordHeader*)batch[i])->Sequence, value, end);
                    runStart = end;
                }
            }
            return runStart == bytes;
        }

        private bool TryStep(int at, out int length)
        {
            var header = (RecordHeader*)(records + at);
            length = 0;
            if (bytes - at < RecordHeader.Size || header->Length < RecordHeader.Size || header->Length > (uint)(bytes - at) || header->Length % 8 != 0)
                return false;
            length = (int)header->Length;
            RecordsBad |= header->Sequence != sequence + Count || header->StampedAt < StampedAt || header->Epoch < Epoch;
            StampedAt = header->StampedAt;
            Epoch = header->Epoch;
            if (directory is not null && at >= _nextMark)
            {
                directory.Add(new(header->Sequence, header->StampedAt, (uint)(_base + at), (uint)(_base + bytes)));
                _nextMark = at + DirectoryMark.Spacing;
            }
            Count++;
            return true;
        }

        private void Check(byte** batch, uint* sums, int count)
        {
            if (count == 4)
                Crc32C.OfFourRecords(batch, sums);
            else
                for (var i = 0; i < count; i++)
                    sums[i] = Crc32C.OfRecord(batch[i], ((RecordHeader*)batch[i])->Length);
            for (var i = 0; i < count; i++)
            {
                RecordsBad |= ((RecordHeader*)batch[i])->Checksum != sums[i];
                _checksums = BitOperations.Crc32C(_checksums, sums[i]);
            }
        }
    }
}
