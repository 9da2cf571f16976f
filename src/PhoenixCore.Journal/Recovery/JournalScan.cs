using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.Slots;

namespace PhoenixCore.Journal.Recovery;

/// <summary>Goes through a journal's blocks in order: follows the groups to their end, then looks for anything behind it. One thread.</summary>
/// <remarks>
/// The end is decided by content: the first place at which the next group does not stand whole, neither there nor at the start of the next
/// segment. Every page behind it is looked at, because a group that attests what is missing may lie anywhere.
/// </remarks>
internal sealed unsafe class JournalScan : IDisposable
{
    private readonly Guid _shard;
    private readonly JournalPosition _replayAfter;
    private readonly ControlSlot? _witness;
    private readonly Func<ulong, bool> _wantsDirectory;
    private readonly GroupVerifier _verifier;
    private readonly byte* _carry = (byte*)NativeMemory.AlignedAlloc(GroupHeader.GroupBytesLimit, Page.Size);
    private int _carryBytes;
    private State _state = State.BetweenSegments;
    private SegmentFinding? _segment;
    private long _position;
    private int _startEnd;

    private enum State
    {
        /// <summary>Groups follow each other.</summary>
        Following,

        /// <summary>No group where the next should be; it may be the first of the next segment.</summary>
        BetweenSegments,

        /// <summary>The end is known.</summary>
        Ended,
    }

    /// <param name="witness">The control slot, so that the chain can be compared when the scan passes its group.</param>
    /// <param name="wantsDirectory">Whether to leave marks of a segment in memory.</param>
    public JournalScan(JournalOptions options, in GroupHeader? first, ControlSlot? witness, Func<ulong, bool> wantsDirectory)
    {
        _shard = options.ShardId;
        _replayAfter = options.ReplayAfter ?? default;
        _witness = witness;
        _wantsDirectory = wantsDirectory;
        _verifier = new GroupVerifier(_shard);
        if (first is { } header)
            _verifier.BeginAt(header);
        Outcome.StartFound = _replayAfter.Sequence == 0;
        NoteStart(_verifier.Sequence, _verifier.Chain);
    }

    public ScanOutcome Outcome { get; } = new();

    /// <summary>Takes the next block; fills its <see cref="ScanBlock.Pieces"/>.</summary>
    public void Feed(ScanBlock block)
    {
        if (block.Offset == 0)
            BeginSegment(block);
        var start = block.Data - _carryBytes;
        Buffer.MemoryCopy(_carry, start, _carryBytes, _carryBytes);
        var window = new Window(start, block.Offset - _carryBytes, _carryBytes + block.Bytes, block.EndsSegment);
        _carryBytes = 0;
        Follow(block, window);
        if (_carryBytes == 0)
            Survey(window);
    }

    /// <summary>Call when all blocks have been fed.</summary>
    public ScanOutcome Finish()
    {
        Outcome.Group = _verifier.Group;
        Outcome.Sequence = _verifier.Sequence;
        Outcome.Epoch = _verifier.Epoch;
        Outcome.StampedAt = _verifier.StampedAt;
        Outcome.Chain = _verifier.Chain;
        if (Outcome.StopSegment == 0)
            (Outcome.StopSegment, Outcome.StopOffset) = (Outcome.EndSegment, Outcome.EndOffset);
        return Outcome;
    }

    public void Dispose()
    {
        _verifier.Dispose();
        NativeMemory.AlignedFree(_carry);
    }

    private void BeginSegment(ScanBlock block)
    {
        var before = _segment;
        _segment = new SegmentFinding(block.Segment) { Header = SegmentHeader.Judge(block.Data, block.Bytes, _shard, block.Segment.Number) };
        if (_segment.Header == SegmentHeaderState.Good)
            _segment.PreparedBytes = ((SegmentHeader*)block.Data)->Bytes;
        if (_wantsDirectory(block.Segment.Number))
            _segment.Directory = new SegmentDirectory(block.Segment.Length);
        Outcome.Segments.Add(_segment);
        _position = Page.Size;
        if (before is null)
            (Outcome.EndSegment, Outcome.EndOffset) = (block.Segment.Number, Page.Size);
        if (_state != State.Ended)
            _state = before is null || before.File.Number + 1 == block.Segment.Number ? State.BetweenSegments : State.Ended;
        NotePageBehindHeader(block);
    }

    private void Follow(ScanBlock block, in Window window)
    {
        while (_state == State.Following || (_state == State.BetweenSegments && _position == Page.Size))
        {
            var place = window.At(_position);
            var available = window.End - _position;
            if (available <= 0)
                return;
            if (!window.EndsSegment && IsUnfinished(place, available))
            {
                Carry(place, (int)available);
                return;
            }
            _startEnd = 0;
            var verdict = _verifier.Take(place, available, _segment!.File.Number, _position, _segment.Directory, Outcome.StartFound ? null : MeetRunEnd);
            if (verdict == GroupVerdict.Whole)
                TakeIn(block, (GroupHeader*)place);
            else
                Stop(verdict);
        }
    }

    private void TakeIn(ScanBlock block, GroupHeader* header)
    {
        if (_state == State.BetweenSegments)
            EnterSegment(header);
        _position += header->FramedBytes;
        _segment!.ValidEnd = _position;
        (Outcome.EndSegment, Outcome.EndOffset) = (_segment.File.Number, _position);
        if (_witness is { } witness && witness.Group == header->Group)
            Outcome.ChainAtWitness = header->ChainAfter;
        if (header->Count == 0)
            return;
        var records = (byte*)header + GroupHeader.Size;
        if (_segment.FirstStampedAt == 0)
            _segment.FirstStampedAt = ((RecordHeader*)records)->StampedAt;
        _segment.LastStampedAt = header->StampedAt;
        _segment.LastSequence = header->LastSequence;
        if (header->LastSequence <= _replayAfter.Sequence)
            return;
        var skipped = header->FirstSequence > _replayAfter.Sequence ? 0 : (int)(_replayAfter.Sequence - header->FirstSequence + 1);
        var count = (int)header->Count - skipped;
        block.Pieces.Add(new(records + _startEnd, (int)header->Bytes - _startEnd, count));
        Outcome.VisitedRecords += count;
    }

    private void EnterSegment(GroupHeader* first)
    {
        _state = State.Following;
        _segment!.FirstSequence = first->FirstSequence;
        _segment.LastSequence = first->FirstSequence - 1;
        var before = Outcome.Segments.Count > 1 ? Outcome.Segments[^2] : null;
        if (before is { IsDirty: true })
            Outcome.Notes.Add($"Segment {before.File.Number} holds stray bytes from {before.DirtyFrom} to {before.DirtyTo}, behind its last group; no group was there.");
        // The journal goes on here, so a header seen in the gap before cannot have been a group of it.
        if (Outcome.Attester is { } stray)
            End(GroupVerdict.DoesNotFollow, stray.Segment, stray.Offset);
    }

    private void Stop(GroupVerdict verdict)
    {
        if (_state == State.Following && verdict == GroupVerdict.NoHeader)
        {
            _state = State.BetweenSegments;
            return;
        }
        // At a segment's start a group that does not follow may be the one after a lost group: the survey then finds that it attests it.
        var atStart = _state == State.BetweenSegments && Outcome.EndSegment != _segment!.File.Number;
        if (verdict == GroupVerdict.NoHeader || (atStart && verdict == GroupVerdict.DoesNotFollow))
            _state = State.Ended;
        else
            End(verdict, _segment!.File.Number, _position);
    }

    private void End(GroupVerdict verdict, ulong segment, long offset)
    {
        _state = State.Ended;
        (Outcome.Stop, Outcome.StopSegment, Outcome.StopOffset) = (verdict, segment, offset);
    }

    /// <summary>Looks at every page from the position to the window's end: is anything there, does it attest?</summary>
    private void Survey(in Window window)
    {
        for (; _position < window.End; _position += Page.Size)
        {
            var bytes = (int)Math.Min(Page.Size, window.End - _position);
            var place = window.At(_position);
            if (!new ReadOnlySpan<byte>(place, bytes).ContainsAnyExcept((byte)0))
                continue;
            if (!_segment!.IsDirty)
                _segment.DirtyFrom = _position;
            _segment.DirtyTo = _position + bytes;
            if (bytes >= GroupHeader.Size)
                SurveyHeader((GroupHeader*)place);
        }
    }

    private void SurveyHeader(GroupHeader* header)
    {
        if (Outcome.Attester is not null || !GroupHeader.StandsAt(header, _shard, _segment!.File.Number, _position))
            return;
        var isTorn = Outcome.Stop == GroupVerdict.Torn && Outcome.StopSegment == _segment.File.Number && Outcome.StopOffset == _position;
        if (!isTorn)
            Outcome.Attester = new(_segment.File.Number, _position, header->Group, header->DurableGroup, header->FirstSequence);
    }

    private void NotePageBehindHeader(ScanBlock block)
    {
        var bytes = Math.Min(block.Bytes, Page.Size) - SegmentHeader.Size;
        if (bytes > 0 && new ReadOnlySpan<byte>(block.Data + SegmentHeader.Size, bytes).ContainsAnyExcept((byte)0))
            Outcome.Notes.Add($"The first page of segment {block.Segment.Number} holds stray bytes behind the segment header.");
    }

    private void MeetRunEnd(ulong sequence, ChainValue chain, long end)
    {
        if (sequence == _replayAfter.Sequence)
            _startEnd = (int)end;
        NoteStart(sequence, chain);
    }

    private void NoteStart(ulong sequence, ChainValue chain)
    {
        if (Outcome.StartFound || sequence != _replayAfter.Sequence)
            return;
        Outcome.StartChain = chain;
        Outcome.StartFound = chain == _replayAfter.Chain;
    }

    private bool IsUnfinished(byte* place, long available) =>
        available >= GroupHeader.Size
        && GroupHeader.StandsAt((GroupHeader*)place, _shard, _segment!.File.Number, _position)
        && ((GroupHeader*)place)->FramedBytes > available;

    private void Carry(byte* place, int bytes)
    {
        Buffer.MemoryCopy(place, _carry, GroupHeader.GroupBytesLimit, bytes);
        _carryBytes = bytes;
    }

    /// <summary>Readable bytes: the unfinished group of the block before, then this block.</summary>
    private readonly struct Window(byte* start, long offset, int bytes, bool endsSegment)
    {
        public long Offset { get; } = offset;

        public long End { get; } = offset + bytes;

        public bool EndsSegment { get; } = endsSegment;

        public byte* At(long position) => start + (position - Offset);
    }
}
