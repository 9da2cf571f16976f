using System.Runtime.InteropServices;

namespace PhoenixCore.Simulation;

/// <summary>Each start takes and gives back megabytes; kept in the process, they need not be asked of the kernel and cleared each time.</summary>
internal static partial class Memory
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    public static void KeepsWarm()
    {
        _ = SetOption(MapThreshold, 32 << 20);
        _ = SetOption(TrimThreshold, 1 << 30);
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
