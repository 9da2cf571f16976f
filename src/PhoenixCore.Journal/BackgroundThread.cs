using PhoenixCore.Journal.Posix;

namespace PhoenixCore.Journal;

/// <summary>How threads step behind those that answer callers.</summary>
public static class BackgroundThread
{
    /// <summary>Lowers the calling thread's claim on the processor: 0 is like the others, 19 takes what nobody wants.</summary>
    public static void StepBack(int by) => _ = Libc.SetPriority(0, Libc.GetThreadId(), by);
}
