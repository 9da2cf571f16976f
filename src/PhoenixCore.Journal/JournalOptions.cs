using PhoenixCore.Journal.Metering;

namespace PhoenixCore.Journal;

/// <summary>Settings of one shard's journal. Sizes are bytes and multiples of 4,096.</summary>
public sealed record JournalOptions
{
    /// <summary>The shard this journal belongs to; a directory of another shard is refused.</summary>
    public required Guid ShardId { get; init; }

    /// <summary>Size of the first segment; each further one is twice as large until <see cref="SegmentBytesMax"/>.</summary>
    public int SegmentBytesMin { get; init; } = 4 << 20;

    /// <summary>Largest segment.</summary>
    public int SegmentBytesMax { get; init; } = 64 << 20;

    /// <summary>Largest group that will be committed, header and padding included; a segment holds at least one.</summary>
    public int GroupBytesMax { get; init; } = 1 << 20;

    /// <summary>Prepared segments to keep behind the active one, at least; more when the present rate asks for it.</summary>
    public int SparesAhead { get; init; } = 2;

    /// <summary>Room to keep prepared, in milliseconds of the present rate.</summary>
    public int PrepareAheadMilliseconds { get; init; } = 2_000;

    /// <summary>How groups are written.</summary>
    public WriterKind Writer { get; init; } = WriterKind.Pwrite;

    /// <summary>Memory for the last groups, for those who read on at the end; 0 = none. Only with a writer that goes past the page cache.</summary>
    public int RecentBytes { get; init; }

    /// <summary>Silence after which <see cref="Journal.SealIfIdle"/> writes an empty group, so that the last answer is attested.</summary>
    public int SealAfterMilliseconds { get; init; } = 50;

    /// <summary>Whether the journal runs its own threads for reading ahead, preparing segments and building side indexes.
    /// When false, everything happens on the calling thread, and <see cref="Journal.RunMaintenance"/> does the background work.</summary>
    public bool OwnThreads { get; init; } = true;

    /// <summary>Keys that are gathered in memory before they become a file of the key index (ADR 0013).</summary>
    public int KeysPerRun { get; init; } = 1 << 18;

    /// <summary>How long the key index remembers at least, in ledger time; null = for ever.</summary>
    public TimeSpan? KeyRetention { get; init; }

    /// <summary>Where replay starts: records up to and including this position are neither read nor visited, and the chain must
    /// have this value there. Default: the beginning of the journal.</summary>
    /// <remarks>A position must be the end of a run: what <see cref="Journal.Position"/> returned when a snapshot was taken.</remarks>
    public JournalPosition? ReplayAfter { get; init; }

    /// <summary>Monotonic nanoseconds, for the pace of background work and for seals; the simulation has its own.</summary>
    internal Func<long> Clock { get; init; } = () => Ticks.Now;

    /// <summary>The same with another place to start from.</summary>
    internal JournalOptions From(JournalPosition? position) => this with { ReplayAfter = position };

    /// <summary>An epoch that is known to have been given out elsewhere (a coordinator, a follower); the new one is larger.</summary>
    public ulong EpochFloor { get; init; }

    /// <summary>Follower: open without raising the epoch, and take records only through <see cref="Journal.CommitReceived"/>.</summary>
    public bool Follower { get; init; }

    /// <summary>Readers see only what <see cref="Journal.Show"/> has let them see: enough copies hold it. Off: everything durable.</summary>
    public bool ShowsCommittedOnly { get; init; }
}
