namespace PhoenixCore.Shard.History;

/// <summary>The history that was asked for lies in segments that are no longer here.</summary>
/// <param name="sequence">The fact that was wanted.</param>
public sealed class HistoryArchivedException(ulong sequence) : Exception($"fact {sequence} is older than the journal's first segment here");
