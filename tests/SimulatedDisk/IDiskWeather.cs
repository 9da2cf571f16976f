namespace PhoenixCore.Journal.Simulation;

/// <summary>What happens around a disk's calls: time passes, calls fail, power goes. One thread.</summary>
public interface IDiskWeather
{
    /// <summary>Before a call takes effect; other things may happen in the time that it needs. May throw <see cref="SimulatedCrashException"/>.</summary>
    void Before(string operation, string file);

    /// <summary>After it took effect, before the caller knows. May throw <see cref="SimulatedCrashException"/>.</summary>
    void After(string operation, string file);

    /// <summary>Whether this call fails: an error number, and for a sync the way in which; null = it does not.</summary>
    (int Errno, SyncFailure? Failure)? Fault(string operation, string file);

    /// <summary>Bytes went into the cache.</summary>
    void Written(string file, long offset, ReadOnlySpan<byte> bytes);

    /// <summary>A sync of the file is about to return success; its bytes are on the disk, if the disk does not lie.</summary>
    void Synced(string file);
}
