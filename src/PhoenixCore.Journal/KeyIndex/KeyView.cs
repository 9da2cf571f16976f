namespace PhoenixCore.Journal.KeyIndex;

/// <summary>The runs and tails that answer at one moment, oldest first. Immutable but for the last tail, which fills; any thread, held while it is used.</summary>
internal sealed class KeyView
{
    private int _holders = 1;

    /// <param name="floor">Keys of earlier records count as absent.</param>
    public KeyView(ulong floor, KeyRun[] runs, KeyTail[] tails)
    {
        (Floor, Runs, Tails) = (floor, runs, tails);
        foreach (var run in runs)
            run.Hold();
        foreach (var tail in tails)
            tail.Hold();
        Hole = FirstHole();
    }

    public ulong Floor { get; }

    public KeyRun[] Runs { get; }

    /// <summary>At least one.</summary>
    public KeyTail[] Tails { get; }

    public KeyTail Open => Tails[^1];

    /// <summary>Records whose keys nothing here knows although later ones' are known; null when there are none.</summary>
    public (ulong First, ulong Last)? Hole { get; }

    /// <summary>Every key of the records from the floor to this one is here.</summary>
    public ulong Through => Hole is { } hole ? hole.First - 1 : Open.Through;

    /// <returns>False when the view is already gone.</returns>
    public bool TryHold()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders != 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        foreach (var run in Runs)
            run.Release();
        foreach (var tail in Tails)
            tail.Release();
    }

    private (ulong First, ulong Last)? FirstHole()
    {
        var next = Floor;
        foreach (var run in Runs)
        {
            if (run.Span.First > next)
                return (next, run.Span.First - 1);
            next = Math.Max(next, run.Span.Last + 1);
        }
        return Tails[0].First > next ? (next, Tails[0].First - 1) : null;
    }
}
