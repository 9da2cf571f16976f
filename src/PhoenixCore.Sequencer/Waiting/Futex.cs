using System.Runtime.InteropServices;

namespace PhoenixCore.Sequencer;

/// <summary>The kernel's sleep on one 32-bit word, private to this process. Linux, x64 and arm64; see futex(2).</summary>
/// <remarks>
/// Why not an event of the base library: those wait in whole milliseconds. See ADR 0006.
/// </remarks>
internal static unsafe class Futex
{
    private const int WaitPrivate = 0 | 128;
    private const int WakePrivate = 1 | 128;
    private const int Interrupted = 4;
    private const int WordChanged = 11;
    private const int TimedOut = 110;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly long Number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        var other => throw new PlatformNotSupportedException($"No futex number is known for {other}."),
    };

    /// <summary>Sleeps while the word holds <paramref name="expected"/>; the kernel compares and sleeps in one step.</summary>
    /// <remarks>It also returns on a signal and when time is up, so the caller always looks again.</remarks>
    public static void Wait(int* word, int expected, long nanoseconds)
    {
        var timeout = new Timespec(nanoseconds / NanosecondsPerSecond, nanoseconds % NanosecondsPerSecond);
        if (Call(Number, word, WaitPrivate, expected, &timeout, null, 0) == 0) return;

        var error = Marshal.GetLastPInvokeError();
        if (error is not (Interrupted or WordChanged or TimedOut)) throw Failed("wait", error);
    }

    /// <summary>Wakes the one thread that may sleep on the word.</summary>
    public static void WakeOne(int* word)
    {
        if (Call(Number, word, WakePrivate, 1, null, null, 0) < 0) throw Failed("wake", Marshal.GetLastPInvokeError());
    }

    private static InvalidOperationException Failed(string operation, int error) => new($"futex {operation} failed with errno {error}.");

    // The libc wrapper is variadic, but takes its arguments from the same registers as a plain call on both architectures.
    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern long Call(long number, int* word, int operation, int value, Timespec* timeout, int* word2, int value3);

    private readonly struct Timespec(long seconds, long nanoseconds)
    {
        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = nanoseconds;
    }
}
