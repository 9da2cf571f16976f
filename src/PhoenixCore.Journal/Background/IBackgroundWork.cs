namespace PhoenixCore.Journal.Background;

/// <summary>Work of the journal that nobody waits for, done in steps by whoever drives it: a thread in production, an event queue in the simulation.</summary>
internal interface IBackgroundWork
{
    /// <summary>Does one piece. One thread at a time; throws nothing but what ends the driver.</summary>
    /// <returns>Milliseconds to pause before the next piece; 0 = none.</returns>
    int Step();
}
