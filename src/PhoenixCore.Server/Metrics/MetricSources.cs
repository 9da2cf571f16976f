using PhoenixCore.Shard;

namespace PhoenixCore.Server.Metrics;

/// <summary>What metrics are read from.</summary>
internal sealed class MetricSources
{
    public required OpeningProgress Opening { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>Null until the server has recovered; its metrics have no values then.</summary>
    public RunningParts? Parts { get; set; }
}
