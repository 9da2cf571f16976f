namespace PhoenixCore.Bench.Load.Results;

/// <summary>Two things measured in turns, so that a machine that changes meanwhile changes both.</summary>
public static class Alternation
{
    /// <returns>The median of each; the first of both only warms.</returns>
    public static async Task<(double First, double Second)> MediansAsync(int repeats, Func<Task<double>> first, Func<Task<double>> second)
    {
        var (a, b) = (new List<double>(), new List<double>());
        for (var i = 0; i <= repeats; i++)
        {
            var pair = (await first(), await second());
            if (i == 0) continue;
            a.Add(pair.Item1);
            b.Add(pair.Item2);
        }

        return (ResultTable.Median(a), ResultTable.Median(b));
    }

    /// <inheritdoc cref="MediansAsync(int, Func{Task{double}}, Func{Task{double}})"/>
    public static Task<(double First, double Second)> MediansAsync(int repeats, Func<double> first, Func<double> second) =>
        MediansAsync(repeats, () => Task.FromResult(first()), () => Task.FromResult(second()));
}
