namespace PhoenixCore.Journal.Segments;

/// <summary>The marks of one segment, in order. One thread adds and publishes; any thread reads what is published.</summary>
/// <remarks>Sized for the worst case up front, so that adding never allocates; untouched memory costs nothing.</remarks>
internal sealed class SegmentDirectory(long segmentBytes)
{
    private readonly DirectoryMark[] _marks = GC.AllocateUninitializedArray<DirectoryMark>(DirectoryMark.CountMax(segmentBytes));
    private int _added;
    private int _published;

    /// <summary>The marks whose records are durable.</summary>
    public ReadOnlySpan<DirectoryMark> Published => _marks.AsSpan(0, Volatile.Read(ref _published));

    public void Add(in DirectoryMark mark) => _marks[_added++] = mark;

    public void Publish() => Volatile.Write(ref _published, _added);

    /// <summary>Takes back what has been added since the last publication.</summary>
    public void Withdraw() => _added = _published;
}
