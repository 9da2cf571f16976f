using System.Diagnostics;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>Calls that begin by the clock, whether the ones before have been answered or not: a late answer is late for all that were due behind it.</summary>
public static class PacedCalls
{
    /// <returns>Milliseconds from the moment that each call was due to its answer.</returns>
    public static async Task<double[]> RunAsync(Func<int, Task> call, int perSecond, double seconds)
    {
        var (start, interval) = (Stopwatch.GetTimestamp(), (double)Stopwatch.Frequency / perSecond);
        var count = (int)(perSecond * seconds);
        var took = new double[count];
        var calls = new Task[count];
        for (var i = 0; i < count; i++)
        {
            var due = start + (long)(i * interval);
            while (Stopwatch.GetTimestamp() < due) await Task.Delay(1);
            calls[i] = OneAsync(i, due);
        }

        await Task.WhenAll(calls);
        return took;

        async Task OneAsync(int number, long due)
        {
            await call(number);
            took[number] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
        }
    }

    public static double Percentile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
