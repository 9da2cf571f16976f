namespace PhoenixCore.Sequencer;

/// <summary>Spins briefly, then offers the core to any other ready thread; busy, but a good neighbour.</summary>
public sealed class YieldingWait : IWaitStrategy
{
    private const int LooksBeforeYield = 64;
    private const int PausesPerLook = 8;

    /// <inheritdoc/>
    public bool Wait(IWorkSource source, int microsecondsMax)
    {
        if (source.HasWork) return true;

        var deadline = Deadline.In(microsecondsMax);
        for (var look = 0; !deadline.IsOver; look++)
        {
            if (look < LooksBeforeYield) Thread.SpinWait(PausesPerLook);
            else Thread.Yield();
            if (source.HasWork) return true;
        }

        return source.HasWork;
    }

    /// <summary>Nothing to do: this consumer never sleeps, it looks.</summary>
    public void Signal()
    {
    }
}
