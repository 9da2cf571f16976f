namespace PhoenixCore.Model;

/// <summary>One asset as seen from outside. Scale: decimal places, 0–18.</summary>
public sealed record AssetView(string Code, int Scale, bool Active);
