namespace PhoenixCore.Replication;

/// <summary>Who says which copy leads, and in which epoch at least. Nothing here runs an election: copies only promise and acknowledge.</summary>
public interface ICoordinator
{
    /// <summary>Where a copy finds the leader when it does not lead itself; null = this copy is meant to lead.</summary>
    string? LeaderAddress { get; }

    /// <summary>An epoch that is known to have been given out elsewhere; a new leader's is higher.</summary>
    ulong EpochFloor { get; }
}
