namespace PhoenixCore.Journal;

/// <summary>Recovery refuses to start: bytes that were once durable are missing or changed, or the directory is not this shard's.</summary>
/// <remarks>Nothing has been written or cut when this is thrown. The way out is an operator's: repair from a follower or a backup.</remarks>
public sealed class JournalDamagedException : Exception
{
    public JournalDamagedException(RecoveryCase found, ulong segment, long offset, ulong sequence, string explanation)
        : base($"Recovery case {(char)found} ({found}) in segment {segment} at byte {offset}, sequence {sequence}: {explanation}")
    {
        Case = found;
        Segment = segment;
        Offset = offset;
        Sequence = sequence;
        Explanation = explanation;
    }

    /// <summary>The row of the recovery table; its value is the letter.</summary>
    public RecoveryCase Case { get; }

    /// <summary>Segment in which the first damaged byte lies or is missing.</summary>
    public ulong Segment { get; }

    /// <summary>Byte offset in that segment.</summary>
    public long Offset { get; }

    /// <summary>First sequence that cannot be shown any more.</summary>
    public ulong Sequence { get; }

    /// <summary>What was found and what it proves, in a sentence.</summary>
    public string Explanation { get; }
}
