namespace PhoenixCore.Journal;

/// <summary>What opening a journal found and did.</summary>
public sealed record RecoveryReport
{
    /// <summary>The row of the recovery table.</summary>
    public required RecoveryCase Case { get; init; }

    /// <summary>The row's letter.</summary>
    public char Letter => (char)Case;

    /// <summary>What was found, in a sentence.</summary>
    public required string Explanation { get; init; }

    /// <summary>Last durable sequence; 0 when there is no record.</summary>
    public required ulong LastSequence { get; init; }

    /// <summary>Ledger time of the last record, Unix nanoseconds; 0 when there is none.</summary>
    public required long LastStampedAt { get; init; }

    /// <summary>The record chain's value after the last record.</summary>
    public required ChainValue Chain { get; init; }

    /// <summary>The epoch in which this opening writes (follower or inspection: the last one found).</summary>
    public required ulong Epoch { get; init; }

    /// <summary>The largest epoch found in the journal and its epoch file.</summary>
    public required ulong EpochFound { get; init; }

    /// <summary>Segment that holds the last group, and the byte after that group.</summary>
    public required ulong EndSegment { get; init; }

    /// <inheritdoc cref="EndSegment"/>
    public required long EndOffset { get; init; }

    /// <summary>Bytes that were cut because no group attested them; 0 in every case but C and D.</summary>
    public long CutBytes { get; init; }

    /// <summary>File that now holds the cut bytes.</summary>
    public string? QuarantineFile { get; init; }

    /// <summary>Records handed to the visitor.</summary>
    public long VisitedRecords { get; init; }

    /// <summary>Bytes of segments that were read.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Milliseconds from the first read to the last record visited.</summary>
    public double ReplayMilliseconds { get; init; }

    /// <summary>Oddities that harm nothing but that an operator should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
