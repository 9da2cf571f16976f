namespace PhoenixCore.Journal;

/// <summary>Ends the process without running anything else: no finalizers, no exit handlers, no flushes.</summary>
public static class ProcessExit
{
    /// <summary>The code for "a write or sync of the journal failed"; a supervisor must not restart on it by itself.</summary>
    public const int StorageFailed = 70;

    /// <summary>Does not return. Any thread.</summary>
    public static void Now(int code) => Posix.Libc.Exit(code);
}
