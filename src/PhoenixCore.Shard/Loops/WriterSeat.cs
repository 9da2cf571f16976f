namespace PhoenixCore.Shard.Loops;

/// <summary>Who is the single writer at this moment: the sequencer's own thread, or the committer's while the other sleeps.</summary>
/// <remarks>Everything that decides, applies and encodes happens in the seat; taking it acquires what the last holder wrote.</remarks>
internal sealed class WriterSeat
{
    private int _isTaken;

    /// <returns>False when somebody is in it.</returns>
    public bool TryTake() => Volatile.Read(ref _isTaken) == 0 && Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>The sequencer's own thread: waits for as long as the committer decides one drain.</summary>
    public void Take()
    {
        var spin = new SpinWait();
        while (!TryTake()) spin.SpinOnce(sleep1Threshold: -1);
    }

    /// <summary>Gives the seat back, with a full fence: what is asked next is asked of the present.</summary>
    public void Leave() => Interlocked.Exchange(ref _isTaken, 0);
}
