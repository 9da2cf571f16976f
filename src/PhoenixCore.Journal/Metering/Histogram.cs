namespace PhoenixCore.Journal.Metering;

/// <summary>How often values fell between bounds. One thread counts, any thread reads; counting allocates nothing and takes no lock.</summary>
public sealed class Histogram
{
    private static readonly long[] DurationBounds = [.. Ladder(1_000, 10_000_000_000)];
    private static readonly long[] CountBounds = [.. Enumerable.Range(0, 14).Select(power => 1L << power)];

    private readonly long[] _bounds;
    private readonly long[] _counts;
    private long _sum;

    /// <param name="bounds">Ascending; a value belongs to the first bound that it does not pass.</param>
    private Histogram(long[] bounds)
    {
        _bounds = bounds;
        _counts = new long[bounds.Length + 1];
    }

    /// <summary>For nanoseconds, from a microsecond to ten seconds.</summary>
    public static Histogram OfDurations() => new(DurationBounds);

    /// <summary>For numbers from 1 to 8,192.</summary>
    public static Histogram OfCounts() => new(CountBounds);

    /// <summary>The owner's thread.</summary>
    /// <param name="value">Below zero counts as zero.</param>
    /// <param name="times">How many things had this value.</param>
    public void Observe(long value, long times = 1)
    {
        value = Math.Max(0, value);
        var place = 0;
        while (place < _bounds.Length && value > _bounds[place]) place++;
        Volatile.Write(ref _counts[place], unchecked(_counts[place] + times));
        Volatile.Write(ref _sum, unchecked(_sum + (value * times)));
    }

    /// <summary>Any thread. Sum and counts are read one after the other, so they may differ by what was counted in between.</summary>
    public HistogramReading Read()
    {
        var upTo = new long[_counts.Length];
        var total = 0L;
        for (var i = 0; i < upTo.Length; i++) upTo[i] = total += Volatile.Read(ref _counts[i]);
        return new HistogramReading(_bounds, upTo, Volatile.Read(ref _sum));
    }

    /// <summary>1, 2, 5, 10, 20, 50 … from the least to the most.</summary>
    private static IEnumerable<long> Ladder(long least, long most)
    {
        for (var decade = least; decade <= most; decade *= 10)
        {
            yield return decade;
            if (decade == most) yield break;
            yield return decade * 2;
            yield return decade * 5;
        }
    }
}
