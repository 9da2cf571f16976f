namespace PhoenixCore.Replication;

/// <summary>Two copies contradict each other in what was committed. Nothing was changed; this copy stops until someone has looked.</summary>
public sealed class ReplicaBrokenException(string what) : Exception(what);
