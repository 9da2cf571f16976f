namespace PhoenixCore.Simulation.World;

/// <summary>Where a run's crashes at calls mostly strike: one place a seed, so that the calls which matter are few enough to be hit on both sides.</summary>
internal enum CrashFocus
{
    Anywhere,

    /// <summary>Syncs, of whatever.</summary>
    Syncs,

    /// <summary>The first calls of a process that has started.</summary>
    FirstCalls,

    /// <summary>Calls to files of snapshots and key indexes.</summary>
    Snapshots,

    /// <summary>Names that come, change and go, and the directory's syncs.</summary>
    Names,

    /// <summary>Writes of groups and what follows each of them.</summary>
    Groups,

    /// <summary>Recovery and what it repairs.</summary>
    Recovery,
}
