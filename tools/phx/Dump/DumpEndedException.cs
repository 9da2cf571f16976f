namespace PhoenixCore.Tools.Dump;

/// <summary>Everything asked for has been shown: the only way for a visitor to end a replay early.</summary>
internal sealed class DumpEndedException : Exception;
