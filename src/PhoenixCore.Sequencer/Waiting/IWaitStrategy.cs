namespace PhoenixCore.Sequencer;

/// <summary>How one consumer thread waits; the seam between latency and processor time.</summary>
/// <remarks>
/// One instance belongs to one consumer thread. Several rings read by that thread may share it, and a thread
/// with more to watch than one ring (a free group, a moved cursor) waits with an <see cref="IWorkSource"/> of its own.
/// <para>
/// The contract that makes a lost wake-up impossible: whoever makes <see cref="IWorkSource.HasWork"/> true first
/// stores what makes it so, then calls <see cref="Signal"/>.
/// </para>
/// </remarks>
public interface IWaitStrategy
{
    /// <summary>Returns as soon as there is work, or when the time is up. Consumer thread only.</summary>
    /// <param name="source">Asked at least once, also when <paramref name="microsecondsMax"/> is 0.</param>
    /// <param name="microsecondsMax">0 or more; a bound, not a promise of precision.</param>
    /// <returns>What <see cref="IWorkSource.HasWork"/> said last.</returns>
    bool Wait(IWorkSource source, int microsecondsMax);

    /// <summary>Wakes the consumer if it sleeps; any thread, after the store that made work visible.</summary>
    void Signal();
}
