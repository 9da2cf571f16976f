namespace PhoenixCore.Journal;

/// <summary>A shared mapping of a file's first bytes; it outlives the file object it came from.</summary>
public unsafe interface IJournalMapping : IDisposable
{
    /// <summary>Start of the mapping; readers may load from it while it is not disposed.</summary>
    byte* Address { get; }

    long Length { get; }

    /// <summary>Copies into the mapping outside managed code: a page fault in managed code would hold up every garbage collection.</summary>
    void Write(long offset, byte* source, int bytes);

    /// <summary>Makes a range durable; offset and size in multiples of 4,096.</summary>
    void Sync(long offset, int bytes);
}
