namespace PhoenixCore.Journal.Segments;

/// <summary>A segment mapped for reading, shared by its readers and unmapped by the last one to let go.</summary>
internal sealed unsafe class MappedSegment(IJournalMapping mapping)
{
    private int _holders = 1;

    public byte* Address => mapping.Address;

    public long Length => mapping.Length;

    /// <summary>Under the lock of <see cref="SegmentMaps"/>, which itself is a holder.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            mapping.Dispose();
    }
}
