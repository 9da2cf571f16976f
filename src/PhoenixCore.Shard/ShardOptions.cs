using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Shard.Shadow;

namespace PhoenixCore.Shard;

/// <summary>Settings of one shard.</summary>
public sealed record ShardOptions
{
    public required JournalOptions Journal { get; init; }

    public LedgerOptions Ledger { get; init; } = new();

    /// <summary>Bytes of journal after which a snapshot is taken; 0 = only when asked.</summary>
    public long SnapshotEveryBytes { get; init; }

    /// <summary>Snapshots that stay, the newest; at least 2.</summary>
    public int SnapshotsKept { get; init; } = 3;

    /// <summary>Facts after which the shadow compares some accounts in memory with its own books; 0 = there is no shadow.</summary>
    public long ShadowEveryFacts { get; init; }

    /// <summary>Told by the shadow's thread of an account that differs.</summary>
    public Action<ShadowMismatch>? OnShadowMismatch { get; init; }

    /// <summary>Slots of 256 bytes; a power of two. How many commands may wait before producers are held back.</summary>
    public int RingSlots { get; init; } = 1 << 13;

    /// <summary>Group buffers: one filling, one being synced, one in reserve.</summary>
    public int Groups { get; init; } = 3;

    /// <summary>Answers that may wait for durability; a power of two.</summary>
    public int CompletionSlots { get; init; } = 1 << 16;

    /// <summary>What this copy has to do with others; null = it is alone. With it the shard opens as a follower, until <see cref="LedgerShard.Lead"/>.</summary>
    public IShardReplication? Replication { get; init; }

    /// <summary>Answers continue on the thread pool. Off: on the answering thread, which must then never be blocked.</summary>
    public bool AnswerOnPool { get; init; } = true;
}
