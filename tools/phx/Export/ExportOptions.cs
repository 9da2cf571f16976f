namespace PhoenixCore.Tools.Export;

/// <summary>What <c>phx export</c> was asked.</summary>
/// <param name="IsEntries">A row for each side of each posting; else one for each transaction.</param>
/// <param name="Tenant">By name or number; null = all.</param>
/// <param name="Resume">Goes on behind the last whole transaction of a file that was broken off.</param>
internal sealed record ExportOptions(string Out, bool IsEntries, bool IsCsv, string? Tenant, bool Resume, bool Json);
