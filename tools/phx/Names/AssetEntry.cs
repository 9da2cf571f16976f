namespace PhoenixCore.Tools.Names;

/// <summary>An asset's code and decimals.</summary>
internal sealed record AssetEntry(string Code, int Scale);
