namespace PhoenixCore.Server.Edge;

/// <summary>What never changes about an asset.</summary>
public sealed record AssetInfo(int Handle, string Code, int Scale);
