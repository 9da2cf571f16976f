using PhoenixCore.Shard;

namespace PhoenixCore.Server.Metrics;

/// <summary>What metrics are read from.</summary>
internal sealed class MetricSources
{
    public required OpeningProgress Opening { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>Null where the shard has no other copies.</summary>
    public Replicas.ReplicaHost? Replica { get; set; }

    /// <summary>Null until the server has recovered; its metrics have no values then.</summary>
    public RunningParts? Parts { get; set; }
}
