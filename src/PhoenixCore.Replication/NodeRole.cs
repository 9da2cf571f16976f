namespace PhoenixCore.Replication;

/// <summary>What a copy does now. Numbers are those of the metric.</summary>
public enum NodeRole
{
    /// <summary>Takes records from another copy, and has a vote.</summary>
    Follower = 0,

    /// <summary>Decides.</summary>
    Leader = 1,

    /// <summary>Takes records, and has no vote yet.</summary>
    Learner = 2,

    /// <summary>Is meant to lead, and waits for the promises of enough voters.</summary>
    Gathering = 4,
}
