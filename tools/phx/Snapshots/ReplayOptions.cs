namespace PhoenixCore.Tools.Snapshots;

/// <summary>What <c>phx replay</c> was asked.</summary>
internal sealed record ReplayOptions(ulong? ToSequence, string? ToTime, bool Digest, int HotKeys, bool FromStart, bool Json);
