using PhoenixCore.Journal;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>What the first page of a snapshot says.</summary>
/// <param name="Name">Of the file.</param>
/// <param name="Position">The last fact that is in it, with the chain's value there.</param>
/// <param name="Epoch">Of that fact.</param>
/// <param name="StampedAt">Of that fact, unix nanoseconds.</param>
/// <param name="Digest">Of the state.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Hash">SHA-256, in hexadecimal digits.</param>
public sealed record SnapshotInfo(string Name, Guid Shard, JournalPosition Position, ulong Epoch, long StampedAt, UInt128 Digest, long Bytes, string Hash)
{
    public ulong Sequence => Position.Sequence;
}
