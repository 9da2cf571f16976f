namespace PhoenixCore.Server.Metrics;

/// <summary>A metric with all its label values. Read when somebody asks; nothing is kept in between.</summary>
/// <param name="Name">Base units; <c>_total</c> at the end of counters.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Labels">Names of its labels, each of which has few values: never a tenant, a wallet or anything that callers choose.</param>
internal abstract record MetricFamily(string Name, MetricKind Kind, string Help, string[] Labels);
