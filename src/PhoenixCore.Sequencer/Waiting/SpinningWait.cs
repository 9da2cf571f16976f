namespace PhoenixCore.Sequencer;

/// <summary>Never gives the core away: the lowest latency when a core is reserved for the consumer.</summary>
/// <remarks>With fewer cores than busy threads it is the worst choice: it burns the time slice its producers need.</remarks>
public sealed class SpinningWait : IWaitStrategy
{
    private const int PausesPerLook = 8;

    /// <inheritdoc/>
    public bool Wait(IWorkSource source, int microsecondsMax)
    {
        if (source.HasWork) return true;

        var deadline = Deadline.In(microsecondsMax);
        while (!deadline.IsOver)
        {
            Thread.SpinWait(PausesPerLook);
            if (source.HasWork) return true;
        }

        return source.HasWork;
    }

    /// <summary>Nothing to do: this consumer never sleeps, it looks.</summary>
    public void Signal()
    {
    }
}
