using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.Recovery;

/// <summary>Everything the scan saw; <see cref="RecoveryDecision"/> judges it.</summary>
internal sealed class ScanOutcome
{
    /// <summary>Every segment from the first one scanned, in order.</summary>
    public List<SegmentFinding> Segments { get; } = [];

    /// <summary>Segment and offset behind the last whole group.</summary>
    public ulong EndSegment { get; set; }

    /// <inheritdoc cref="EndSegment"/>
    public long EndOffset { get; set; }

    public ulong Group { get; set; }

    public ulong Sequence { get; set; }

    public ulong Epoch { get; set; }

    public long StampedAt { get; set; }

    public ChainValue Chain { get; set; }

    /// <summary>What stands where the next group should begin.</summary>
    public GroupVerdict Stop { get; set; } = GroupVerdict.NoHeader;

    /// <summary>Where Stop was found: the end, or the start of the segment after it.</summary>
    public ulong StopSegment { get; set; }

    /// <inheritdoc cref="StopSegment"/>
    public long StopOffset { get; set; }

    /// <summary>A group behind the end that was composed when the missing one was already durable, or could not be there otherwise.</summary>
    public ScanWitness? Attester { get; set; }

    /// <summary>Whether the position to replay from was met, with the chain value it must have.</summary>
    public bool StartFound { get; set; }

    /// <summary>The chain value met there; meaningful when the position was met with another one.</summary>
    public ChainValue? StartChain { get; set; }

    /// <summary>The chain's value at the control slot's sequence, where the scan passed it.</summary>
    public ChainValue? ChainAtWitness { get; set; }

    public long VisitedRecords { get; set; }

    public List<string> Notes { get; } = [];
}
