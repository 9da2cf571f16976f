namespace PhoenixCore.Replication;

/// <summary>When a record counts as committed; one level for a whole shard, and no time that passes turns one into another.</summary>
public enum Durability
{
    /// <summary>The leader's own disk holds it. The loss of that disk loses what no follower had yet.</summary>
    Local,

    /// <summary>The disks of more than half of the voters hold it.</summary>
    Quorum,

    /// <summary>The disks of all voters hold it.</summary>
    All,
}
