namespace PhoenixCore.Tools.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Name">Below the data directory.</param>
/// <param name="Sha256">Of its bytes, in hexadecimal digits; what it is stored under.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256);
