namespace PhoenixCore.Simulation.Runs;

/// <summary>Sums over runs.</summary>
internal sealed record RunCounts
{
    public long Runs { get; init; }

    public long Events { get; init; }

    public long Commands { get; init; }

    public long Answers { get; init; }

    public long Facts { get; init; }

    public long Starts { get; init; }

    /// <summary>Ends of a process that it did not choose.</summary>
    public long Crashes { get; init; }

    public long Syncs { get; init; }

    public long SyncFailures { get; init; }

    public long Repairs { get; init; }

    /// <summary>Runs that a lie or rot ended where nothing could have told.</summary>
    public long Limits { get; init; }

    public long Uncertain { get; init; }

    public long Settled { get; init; }

    public long SnapshotsUsed { get; init; }

    public double VirtualSeconds { get; init; }

    public static RunCounts operator +(RunCounts a, RunCounts b) => new()
    {
        Runs = a.Runs + b.Runs,
        Events = a.Events + b.Events,
        Commands = a.Commands + b.Commands,
        Answers = a.Answers + b.Answers,
        Facts = a.Facts + b.Facts,
        Starts = a.Starts + b.Starts,
        Crashes = a.Crashes + b.Crashes,
        Syncs = a.Syncs + b.Syncs,
        SyncFailures = a.SyncFailures + b.SyncFailures,
        Repairs = a.Repairs + b.Repairs,
        Limits = a.Limits + b.Limits,
        Uncertain = a.Uncertain + b.Uncertain,
        Settled = a.Settled + b.Settled,
        SnapshotsUsed = a.SnapshotsUsed + b.SnapshotsUsed,
        VirtualSeconds = a.VirtualSeconds + b.VirtualSeconds,
    };
}
