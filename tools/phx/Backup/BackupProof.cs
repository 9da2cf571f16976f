namespace PhoenixCore.Tools.Backup;

/// <summary>That a backup was restored and replayed once, and what came out.</summary>
internal sealed record BackupProof(string Id, DateTimeOffset ProvenAt, ulong Sequence, string Digest);
