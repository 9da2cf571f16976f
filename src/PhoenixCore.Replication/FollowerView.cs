namespace PhoenixCore.Replication;

/// <summary>What a leader knows of another copy.</summary>
/// <param name="Incarnation">Which.</param>
/// <param name="Address">Where it can be reached; empty = not said.</param>
/// <param name="IsVoter">Its acknowledgements count.</param>
/// <param name="IsConnected">Its stream is open.</param>
/// <param name="Durable">Last sequence that it holds.</param>
/// <param name="HeardAt">Nanoseconds of the leader's boot clock.</param>
public sealed record FollowerView(Guid Incarnation, string Address, bool IsVoter, bool IsConnected, ulong Durable, long HeardAt);
