namespace PhoenixCore.Tools.Backup;

/// <summary>What one backup consists of. Files that backups have in common are stored once.</summary>
/// <param name="Id">Time and last sequence; sorts by time.</param>
/// <param name="Kind">full: every byte was read again; incremental: what the backup before holds was taken over.</param>
/// <param name="LastSequence">The last fact in it; durable when it was taken.</param>
/// <param name="Chain">The chain's value behind that fact.</param>
/// <param name="NewBytes">That this backup added to the store.</param>
internal sealed record BackupManifest(int Format, string Id, DateTimeOffset CreatedAt, Guid Shard, string Kind, bool WasRunning, ulong FirstSequence, ulong LastSequence, string LastTime, string Chain, long Bytes, long NewBytes, IReadOnlyList<BackupFile> Files)
{
    public const int FormatValue = 1;
}
