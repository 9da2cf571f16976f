using System.Diagnostics;

namespace PhoenixCore.Tools.Bench;

/// <summary>Durations, to be asked for percentiles.</summary>
internal sealed class Latencies
{
    private readonly List<long> _ticks = [];

    public int Count => _ticks.Count;

    /// <param name="ticks">Of <see cref="Stopwatch"/>.</param>
    public void Add(long ticks) => _ticks.Add(ticks);

    public void Add(Latencies other) => _ticks.AddRange(other._ticks);

    /// <summary>Microseconds that this share (0–1) of all did not pass; 0 when there are none.</summary>
    public double Microseconds(double share)
    {
        if (_ticks.Count == 0) return 0;
        _ticks.Sort();
        return _ticks[(int)Math.Min(_ticks.Count - 1, share * _ticks.Count)] * 1e6 / Stopwatch.Frequency;
    }
}
