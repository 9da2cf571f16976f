namespace PhoenixCore.Tools.Snapshots;

/// <summary>The last fact asked for has been applied: the only way for a visitor to end a replay early.</summary>
internal sealed class ReplayEndedException : Exception;
