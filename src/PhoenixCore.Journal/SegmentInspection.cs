using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal;

/// <summary>Reads one segment's file from beginning to end and checks every record in it; needs no other file, takes no lock, changes nothing.</summary>
/// <remarks>A running server may be writing it: what is whole then may not be durable yet, see <see cref="SegmentReport.Attested"/>. It reads by calls and not
/// through a mapping, because a server that seals a segment makes its file shorter.</remarks>
public static unsafe class SegmentInspection
{
    private const int WindowBytes = 2 * GroupHeader.GroupBytesLimit;

    /// <summary>The number that a segment's file is named by; false for other files.</summary>
    public static bool TryNumber(string name, out ulong number) => FileNames.TryParseSegment(name, out number);

    /// <summary>What the file of a segment is called.</summary>
    public static string NameOf(ulong number) => FileNames.Segment(number);

    /// <param name="upTo">For <see cref="SegmentReport.UpTo"/>.</param>
    /// <exception cref="JournalIoException">The system refused to read it.</exception>
    /// <exception cref="ArgumentException">It is not named like a segment.</exception>
    public static SegmentReport Inspect(IJournalStorage storage, string name, ulong upTo = ulong.MaxValue)
    {
        if (!FileNames.TryParseSegment(name, out var number))
            throw new ArgumentException($"{name} is not named like a segment", nameof(name));
        var window = (byte*)NativeMemory.AlignedAlloc(WindowBytes, Page.Size);
        try
        {
            using var file = storage.Open(name, JournalFileMode.Read);
            var bytes = file.Read(0, window, Page.Size);
            var report = new SegmentReport(name, number, SegmentHeader.ShardOf(window, bytes), file.Length, 0, default, default, SegmentEnding.HeaderUnreadable);
            if (report.Shard is not { } shard || SegmentHeader.Judge(window, bytes, shard, number) != SegmentHeaderState.Good)
                return report;
            var stray = FirstSet(window + SegmentHeader.Size, bytes - SegmentHeader.Size);
            return new Reading(file, window, shard, number, upTo, stray < 0 ? null : SegmentHeader.Size + stray).Run(report with { PreparedBytes = ((SegmentHeader*)window)->Bytes });
        }
        finally
        {
            NativeMemory.AlignedFree(window);
        }
    }

    /// <summary>Place of the first byte that is not zero; −1 = all are.</summary>
    private static int FirstSet(byte* bytes, int count) => count <= 0 ? -1 : new ReadOnlySpan<byte>(bytes, count).IndexOfAnyExcept((byte)0);

    private ref struct Reading(IJournalFile file, byte* window, Guid shard, ulong number, ulong upTo, long? strayAt)
    {
        private long? _strayAt = strayAt;
        private readonly Queue<(ulong Group, SegmentExtent Extent)> _unattested = new();
        private SegmentExtent _whole = new() { End = Page.Size };
        private SegmentExtent _attested = new() { End = Page.Size };
        private SegmentExtent _upTo = new() { End = Page.Size };

        public SegmentReport Run(SegmentReport report)
        {
            using var verifier = new GroupVerifier(shard);
            var ending = SegmentEnding.Clean;
            while (true)
            {
                var start = _whole.End;
                var bytes = file.Read(start, window, WindowBytes);
                var verdict = TakeWindow(verifier, start, bytes);
                if (_whole.End != start)
                    continue;
                ending = EndingOf(verdict, bytes);
                break;
            }
            return report with { Whole = _whole, Attested = _attested, UpTo = _upTo, Ending = ending, StrayAt = _strayAt };
        }

        private GroupVerdict TakeWindow(GroupVerifier verifier, long start, int bytes)
        {
            while (true)
            {
                var place = window + (_whole.End - start);
                var available = bytes - (_whole.End - start);
                if (available < GroupHeader.Size)
                    return GroupVerdict.NoHeader;
                var header = (GroupHeader*)place;
                if (_whole.Groups == 0 && GroupHeader.StandsAt(header, shard, number, _whole.End))
                    verifier.BeginAt(*header);
                var verdict = verifier.Take(place, available, number, _whole.End, directory: null);
                if (verdict != GroupVerdict.Whole)
                    return verdict;
                Extend(header);
            }
        }

        private void Extend(GroupHeader* header)
        {
            var isFirst = _whole.Records == 0 && header->Count != 0;
            var content = GroupHeader.Size + (int)header->Bytes;
            if (FirstSet((byte*)header + content, header->FramedBytes - content) is >= 0 and var stray)
                _strayAt ??= _whole.End + content + stray;
            _whole = _whole with
            {
                End = _whole.End + header->FramedBytes,
                Groups = _whole.Groups + 1,
                Records = _whole.Records + header->Count,
                FirstSequence = isFirst ? header->FirstSequence : _whole.FirstSequence,
                LastSequence = header->Count != 0 ? header->LastSequence : _whole.LastSequence,
                FirstEpoch = _whole.Groups == 0 ? header->Epoch : _whole.FirstEpoch,
                LastEpoch = header->Epoch,
                FirstStampedAt = isFirst ? ((RecordHeader*)((byte*)header + GroupHeader.Size))->StampedAt : _whole.FirstStampedAt,
                LastStampedAt = header->Count != 0 ? header->StampedAt : _whole.LastStampedAt,
                Chain = header->ChainAfter,
            };
            if (_whole.LastSequence <= upTo)
                _upTo = _whole;
            _unattested.Enqueue((header->Group, _whole));
            while (_unattested.Count != 0 && _unattested.Peek().Group <= header->DurableGroup)
                _attested = _unattested.Dequeue().Extent;
        }

        private SegmentEnding EndingOf(GroupVerdict verdict, int bytes)
        {
            var first = FirstBehind(bytes);
            _strayAt ??= first;
            return verdict switch
            {
                GroupVerdict.Torn => SegmentEnding.Torn,
                GroupVerdict.DoesNotFollow => SegmentEnding.DoesNotFollow,
                GroupVerdict.Malformed => SegmentEnding.Malformed,
                _ => first is null ? SegmentEnding.Clean : SegmentEnding.Stray,
            };
        }

        /// <summary>In the window, which begins behind the last whole group, or further on.</summary>
        private readonly long? FirstBehind(int bytes)
        {
            for (var at = _whole.End; bytes > 0; bytes = file.Read(at, window, WindowBytes))
            {
                if (FirstSet(window, bytes) is >= 0 and var first)
                    return at + first;
                at += bytes;
            }
            return null;
        }
    }
}
