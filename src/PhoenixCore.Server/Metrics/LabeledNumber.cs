namespace PhoenixCore.Server.Metrics;

/// <param name="Values">In the order of the family's labels.</param>
internal readonly record struct LabeledNumber(double Value, params string[] Values);
