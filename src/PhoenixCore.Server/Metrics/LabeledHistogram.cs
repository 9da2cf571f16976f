using PhoenixCore.Journal.Metering;

namespace PhoenixCore.Server.Metrics;

/// <inheritdoc cref="LabeledNumber"/>
internal readonly record struct LabeledHistogram(HistogramReading Reading, params string[] Values);
