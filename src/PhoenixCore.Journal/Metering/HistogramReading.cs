namespace PhoenixCore.Journal.Metering;

/// <summary>A histogram at a moment.</summary>
/// <param name="Bounds">Ascending.</param>
/// <param name="UpTo">Of each bound, how many values did not pass it; the last is how many there were at all.</param>
/// <param name="Sum">Of all values.</param>
public sealed record HistogramReading(IReadOnlyList<long> Bounds, IReadOnlyList<long> UpTo, long Sum)
{
    public long Count => UpTo[^1];
}
