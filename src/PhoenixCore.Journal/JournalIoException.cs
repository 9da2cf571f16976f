namespace PhoenixCore.Journal;

/// <summary>The operating system refused a read, a write or a sync of a journal file.</summary>
/// <remarks>
/// From <see cref="Journal.Commit"/> it means that the journal is fenced: whether the group is on disk is unknown, nothing that
/// waited for it may be answered, and the process has to end (<see cref="ProcessExit.Now"/> with 70). Never retried.
/// </remarks>
public sealed class JournalIoException : IOException
{
    public JournalIoException(string operation, string file, long offset, int errno)
        : base($"{operation} of {file} at byte {offset} failed: {Posix.Errno.Describe(errno)}")
    {
        Operation = operation;
        File = file;
        Offset = offset;
        Errno = errno;
    }

    /// <summary>A later call on a journal that an earlier error has fenced.</summary>
    internal JournalIoException(JournalIoException cause)
        : base($"The journal is fenced since an earlier error: {cause.Message}", cause)
    {
        Operation = cause.Operation;
        File = cause.File;
        Offset = cause.Offset;
        Errno = cause.Errno;
    }

    /// <summary>The call that failed: open, pwrite, fdatasync, …</summary>
    public string Operation { get; }

    /// <summary>Name of the file inside the journal's directory.</summary>
    public string File { get; }

    /// <summary>Byte position of the attempt; 0 where the call has none.</summary>
    public long Offset { get; }

    /// <summary>Linux error number; 0 where a transfer ended short without one.</summary>
    public int Errno { get; }
}
