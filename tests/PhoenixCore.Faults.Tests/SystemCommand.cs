using System.Diagnostics;

namespace PhoenixCore.Faults.Tests;

/// <summary>Programs of the system that a test needs: mounts, file systems, signals.</summary>
internal static class SystemCommand
{
    /// <exception cref="IOException">It ended with an error; its words are the message.</exception>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"{program} {string.Join(' ', arguments)}: {errors.Trim()}");
    }
}
