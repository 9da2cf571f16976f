namespace PhoenixCore.Tools.Dump;

/// <summary>What of a journal is shown, and how.</summary>
/// <param name="From">First sequence shown.</param>
/// <param name="To">Last sequence shown.</param>
/// <param name="Wallet">Public id or external id; null: all facts.</param>
/// <param name="Tenant">Name or number of the wallet's tenant; null: any.</param>
/// <param name="Limit">Most facts shown.</param>
internal sealed record DumpOptions(bool Json, ulong From, ulong To, string? Wallet, string? Tenant, long Limit);
