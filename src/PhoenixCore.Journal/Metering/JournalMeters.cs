namespace PhoenixCore.Journal.Metering;

/// <summary>What the committer counts of each group. Its thread writes, any thread reads.</summary>
public sealed class JournalMeters
{
    private long _damagedReads;

    /// <summary>Nanoseconds of a group's write with its sync.</summary>
    public Histogram Flush { get; } = Histogram.OfDurations();

    /// <summary>Records of a group; empty ones, which only attest, are not counted.</summary>
    public Histogram GroupRecords { get; } = Histogram.OfCounts();

    /// <summary>Reads that met a record or a group that is not what was written. Any thread.</summary>
    public long DamagedReads => Volatile.Read(ref _damagedReads);

    /// <summary>For exception filters: counts, and catches nothing.</summary>
    internal bool SawDamage()
    {
        Interlocked.Increment(ref _damagedReads);
        return false;
    }
}
