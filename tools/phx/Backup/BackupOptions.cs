namespace PhoenixCore.Tools.Backup;

/// <summary>How <c>phx backup create</c> works.</summary>
/// <param name="Full">Reads every byte again instead of taking over what the backup before holds.</param>
/// <param name="WithSealingKey">With the key that webhooks' secrets are sealed with, and the keys of tenants' texts.</param>
/// <param name="DryRun">Says what would be copied.</param>
internal sealed record BackupOptions(bool Full, bool WithSealingKey, bool DryRun, bool Json);
