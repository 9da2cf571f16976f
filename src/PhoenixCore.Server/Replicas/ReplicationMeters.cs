using System.Collections.Concurrent;

namespace PhoenixCore.Server.Replicas;

/// <summary>What replication counts. Any thread.</summary>
internal sealed class ReplicationMeters
{
    private readonly ConcurrentDictionary<string, long> _rejected = new(StringComparer.Ordinal);
    private long _truncated;
    private long _promotions;
    private long _digestsEqual;
    private long _digestsOther;

    /// <summary>Messages that were refused, by reason.</summary>
    public IEnumerable<(string Reason, long Count)> Rejected => _rejected.Select(pair => (pair.Key, pair.Value));

    /// <summary>Records that were cut because they never were committed.</summary>
    public long Truncated => Interlocked.Read(ref _truncated);

    /// <summary>Times that this process began to lead.</summary>
    public long Promotions => Interlocked.Read(ref _promotions);

    /// <summary>Digests of other copies that were compared.</summary>
    public long DigestsCompared => Interlocked.Read(ref _digestsEqual) + DigestsOther;

    /// <summary>Those among them that were not this copy's own.</summary>
    public long DigestsOther => Interlocked.Read(ref _digestsOther);

    public void CountRejected(string reason) => _rejected.AddOrUpdate(reason, 1, (_, count) => count + 1);

    public void CountTruncated(ulong records) => Interlocked.Add(ref _truncated, (long)records);

    public void CountDigest(bool isEqual) => Interlocked.Increment(ref isEqual ? ref _digestsEqual : ref _digestsOther);

    public void CountPromotion() => Interlocked.Increment(ref _promotions);
}
