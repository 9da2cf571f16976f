namespace PhoenixCore.Journal.Simulation;

/// <summary>What a power cut does with what was written and not synced.</summary>
public enum CrashOutcome
{
    /// <summary>Nothing of it reached the disk.</summary>
    NothingKept,

    /// <summary>All of it did.</summary>
    EverythingKept,

    /// <summary>Each sector and each directory operation decides for itself; sectors may be torn.</summary>
    EachForItself,
}
