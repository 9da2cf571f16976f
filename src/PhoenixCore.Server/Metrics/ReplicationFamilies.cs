using System.Globalization;
using PhoenixCore.Replication;
using PhoenixCore.Server.Replicas;

namespace PhoenixCore.Server.Metrics;

/// <summary>Metrics of the copies of the shard; none where there are no others.</summary>
internal static class ReplicationFamilies
{
    private const string Shard = "0";
    private static readonly string[] OfShard = ["shard"];
    private static readonly string[] OfFollower = ["shard", "follower"];

    public static IEnumerable<MetricFamily> Of(MetricSources sources) =>
    [
        new NumberFamily("phoenix_replication_lag_records", MetricKind.Gauge, "Records that the leader holds and a follower does not.", OfFollower, () => Followers(sources, (node, follower) => Behind(node.Shard.Durable.LastSequence, follower.Durable))),
        new NumberFamily("phoenix_replication_lag_seconds", MetricKind.Gauge, "On a follower: since the leader's last word.", OfShard, () => sources.Replica?.Staleness is { } staleness ? [new(staleness.TotalSeconds, Shard)] : []),
        Leading(sources, "phoenix_replication_voters", "Copies that have a vote.", (leader, _) => Math.Max(1, leader.Members.Voters.Count)),
        Leading(sources, "phoenix_replication_insync_voters", "Voters that are connected and hold what is committed, the leader included.", (leader, _) => 1 + leader.Followers.Count(follower => follower.IsVoter && follower.IsConnected && follower.Durable >= leader.Committed)),
        Leading(sources, "phoenix_replication_quorum", "Voters that must hold a record; when as many are in sync, one more loss stops writes.", (leader, _) => leader.QuorumSize),
        Leading(sources, "phoenix_replication_short", "1 while too few copies are there and what writes is refused.", (_, node) => node.IsShort ? 1 : 0),
        new NumberFamily("phoenix_replication_rejected_total", MetricKind.Counter, "Messages between copies that were refused.", ["shard", "reason"], () => sources.Replica is { } host ? host.Meters.Rejected.Select(line => new LabeledNumber(line.Count, Shard, line.Reason)) : []),
        Counter(sources, "phoenix_replication_truncated_records_total", "Records that were cut because they had never been committed: any increase is news.", meters => meters.Truncated),
        Counter(sources, "phoenix_replication_digests_compared_total", "On a leader: digests of other copies' states that were compared with its own.", meters => meters.DigestsCompared),
        Counter(sources, "phoenix_replication_digest_mismatch_total", "Those among them that differed: page at once.", meters => meters.DigestsOther),
        Counter(sources, "phoenix_promotions_total", "Times that this process began to lead.", meters => meters.Promotions),
    ];

    private static IEnumerable<LabeledNumber> Followers(MetricSources sources, Func<Node, FollowerView, double> read) =>
        sources.Replica?.Node is { Leader: { } leader } node ? leader.Followers.Select(follower => new LabeledNumber(read(node, follower), Shard, follower.Incarnation.ToString("D", CultureInfo.InvariantCulture))) : [];

    private static double Behind(ulong leader, ulong follower) => leader - Math.Min(leader, follower);

    private static NumberFamily Leading(MetricSources sources, string name, string help, Func<Leader, Node, double> read) =>
        new(name, MetricKind.Gauge, help, OfShard, () => sources.Replica?.Node is { Leader: { } leader } node ? [new(read(leader, node), Shard)] : []);

    private static NumberFamily Counter(MetricSources sources, string name, string help, Func<ReplicationMeters, double> read) =>
        new(name, MetricKind.Counter, help, OfShard, () => [new(sources.Replica is { } host ? read(host.Meters) : 0, Shard)]); // there from the start: an alert on an increase needs something to begin with
}
