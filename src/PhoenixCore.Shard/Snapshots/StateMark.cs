namespace PhoenixCore.Shard.Snapshots;

/// <summary>The state behind a sequence that ends a run, as one number.</summary>
public readonly record struct StateMark(ulong Sequence, UInt128 Digest);
