using System.Diagnostics;

namespace PhoenixCore.Bench.Load.Core;

/// <summary>Samples of how long commands took from the moment they were due, in microseconds.</summary>
public sealed class Latencies(int capacity)
{
    public const int SampleEvery = 8;

    private readonly float[] _samples = new float[capacity];
    private readonly Lock _lock = new();
    private int _count;
    private bool _sorted;

    public void Add(long start, double ticksPer, long first, int count, long now)
    {
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
            {
                if (((first + i) % SampleEvery) != 0 || _count == _samples.Length) continue;
                _samples[_count++] = (float)((now - start - ((first + i) * ticksPer)) * 1e6 / Stopwatch.Frequency);
            }
        }
    }

    /// <summary>Microseconds at a quantile of 0–1.</summary>
    public double At(double quantile)
    {
        if (!_sorted) Array.Sort(_samples, 0, _count);
        _sorted = true;
        return _count == 0 ? 0 : _samples[Math.Min(_count - 1, (int)(_count * quantile))];
    }
}
