namespace PhoenixCore.Bench.Load.Core;

/// <summary>Garbage-collection pauses against what the machine itself takes away: a thread that only sleeps a millisecond at a time.</summary>
public sealed class HiccupControl
{
    private readonly Thread _thread;
    private double _longestHiccup;
    private volatile bool _stop;

    public HiccupControl()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Milliseconds; negative when the machine's own hiccups were longer.</summary>
    public double LongestCollectionAboveControl()
    {
        _stop = true;
        _thread.Join();
        var longest = Enum.GetValues<GCKind>().Select(kind => GC.GetGCMemoryInfo(kind)).SelectMany(info => info.PauseDurations.ToArray()).Select(pause => pause.TotalMilliseconds).DefaultIfEmpty(0).Max();
        return longest - _longestHiccup;
    }

    private void Watch()
    {
        while (!_stop)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            Thread.Sleep(1);
            _longestHiccup = Math.Max(_longestHiccup, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds - 1);
        }
    }
}
