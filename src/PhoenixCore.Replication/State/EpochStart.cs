namespace PhoenixCore.Replication.State;

/// <summary>An epoch and the sequence of its first record.</summary>
public readonly record struct EpochStart(ulong Epoch, ulong First);
