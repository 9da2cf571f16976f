namespace PhoenixCore.Server.Metrics;

/// <summary>A counter or a gauge.</summary>
/// <param name="Read">One value for each set of label values; none while there is nothing to say.</param>
internal sealed record NumberFamily(string Name, MetricKind Kind, string Help, string[] Labels, Func<IEnumerable<LabeledNumber>> Read) : MetricFamily(Name, Kind, Help, Labels);
