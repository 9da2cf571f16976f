namespace PhoenixCore.Journal;

/// <summary>A stored record no longer has the bytes that were written: its checksum, length or sequence is wrong.</summary>
public sealed class RecordDamagedException(ulong segment, long offset, ulong sequence, string what)
    : IOException($"Record {sequence} in segment {segment} at byte {offset} is damaged: {what}.")
{
    public ulong Segment { get; } = segment;

    public long Offset { get; } = offset;

    public ulong Sequence { get; } = sequence;
}
