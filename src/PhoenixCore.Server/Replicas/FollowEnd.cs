namespace PhoenixCore.Server.Replicas;

/// <summary>Why a copy cannot go on as it is.</summary>
/// <param name="CutAfter">Its journal has to be cut behind this sequence; null = a state of the leader's has arrived aside and has to be put in place.</param>
internal sealed record FollowEnd(ulong? CutAfter);
