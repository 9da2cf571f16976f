using System.Buffers;

namespace PhoenixCore.Journal;

/// <summary>Reads durable records on any thread.</summary>
public sealed class JournalReader
{
    public ulong FirstSequence => throw new NotSupportedException();
    public ulong LastSequence => throw new NotSupportedException();
    public bool TryRead(ulong sequence, Span<byte> payload, out RecordHeader header) => throw new NotSupportedException();
    public bool TryRead(ulong sequence, IBufferWriter<byte> payload, out RecordHeader header) => throw new NotSupportedException();
    public bool TryFindSequenceAt(long stampNs, out ulong sequence) => throw new NotSupportedException();
    public JournalCursor OpenCursor(ulong fromSequence) => throw new NotSupportedException();
    public IReadOnlyList<SegmentInfo> SealedSegments => throw new NotSupportedException();
    public ulong IndexedThrough => throw new NotSupportedException();
    public bool TryFindAccount(ulong segment, ulong account, out AccountPositions positions) => throw new NotSupportedException();
    public bool TryFindKey(UInt128 keyHash, ulong fromSequence, out ulong sequence, out ulong lookedThrough) => throw new NotSupportedException();
    public void FindReferences(ulong referenceHash, List<ulong> sequences, out ulong lookedThrough) => throw new NotSupportedException();
}
