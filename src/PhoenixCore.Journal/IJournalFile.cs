namespace PhoenixCore.Journal;

/// <summary>An open file with positional reads and writes of native memory. Errors are <see cref="JournalIoException"/>.</summary>
/// <remarks>Reads may run beside a write on other threads; writes and syncs come from one thread at a time.</remarks>
public unsafe interface IJournalFile : IDisposable
{
    string Name { get; }

    /// <summary>Bytes, asked of the system at each call.</summary>
    long Length { get; }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    int Read(long offset, byte* destination, int bytes);

    /// <summary>Writes all of it; a short write that cannot be continued is an error.</summary>
    void Write(long offset, byte* source, int bytes);

    /// <summary>Makes the written bytes durable, and the length if it grew. Any error means: unknown what is on disk.</summary>
    void SyncData();

    /// <summary>As <see cref="SyncData"/>, with every attribute of the file.</summary>
    void Sync();

    /// <summary>Reserves blocks for the first bytes of the file; their content stays unwritten.</summary>
    void Reserve(long bytes);

    /// <summary>Sets the length. Never while the file is mapped for writing.</summary>
    void Truncate(long bytes);

    /// <summary>Forgets cached pages that are clean, so that the next read asks the device.</summary>
    void DropCache();

    /// <summary>Maps the first bytes of the file, shared with its writer.</summary>
    IJournalMapping Map(long bytes, bool writable);
}
