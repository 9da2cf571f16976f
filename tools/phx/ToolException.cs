namespace PhoenixCore.Tools;

/// <summary>Ends a command with a sentence for the operator and the process's exit code.</summary>
internal sealed class ToolException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
