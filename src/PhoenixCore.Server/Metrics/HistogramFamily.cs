namespace PhoenixCore.Server.Metrics;

/// <summary>A histogram.</summary>
/// <param name="UnitsPerOne">What values are divided by for the metric's unit.</param>
internal sealed record HistogramFamily(string Name, string Help, string[] Labels, double UnitsPerOne, Func<IEnumerable<LabeledHistogram>> Read) : MetricFamily(Name, MetricKind.Histogram, Help, Labels);
