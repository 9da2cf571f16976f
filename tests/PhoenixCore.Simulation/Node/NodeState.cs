namespace PhoenixCore.Simulation.Node;

/// <summary>What a node is doing when something goes wrong.</summary>
internal enum NodeState
{
    Idle,

    /// <summary>A group is being written.</summary>
    Write,

    /// <summary>A group is being synced.</summary>
    Sync,

    /// <summary>Segments are prepared or finished.</summary>
    Segments,
    SideIndex,
    KeyIndex,

    /// <summary>A snapshot is under way, between two of its pieces.</summary>
    Snapshot,

    /// <summary>A snapshot is at the disk.</summary>
    SnapshotIo,
    Recovery,

    /// <summary>Recovery has read the journal and changes it.</summary>
    Repair,
    Closing,
    Down,
}
