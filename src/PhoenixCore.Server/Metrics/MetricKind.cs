namespace PhoenixCore.Server.Metrics;

/// <summary>The types of the text format that are used here.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
