namespace PhoenixCore.Server.Edge;

/// <summary>An asset as amounts need it.</summary>
/// <param name="IsFixed">Nothing of this can ever change.</param>
public sealed record AssetInfo(int Handle, string Code, int Scale, bool IsFixed = true);
