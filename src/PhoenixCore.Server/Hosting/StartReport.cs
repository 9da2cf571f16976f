using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Hosting;

/// <summary>What the first opening of the shard found, and the key it made.</summary>
/// <param name="Snapshot">Where replay began; null = at the first record.</param>
/// <param name="MintedKey">The default tenant's key, on the start that made it; null on every other.</param>
public sealed record StartReport(RecoveryReport Recovery, SnapshotInfo? Snapshot, string? MintedKey);
