namespace PhoenixCore.Journal;

/// <summary>Scans durable records forward; stops (false) at the last durable one and may be asked again later. One thread.</summary>
public sealed class JournalCursor : IDisposable
{
    public bool MoveNext() => throw new NotSupportedException();
    public RecordHeader Header => throw new NotSupportedException();
    public ReadOnlySpan<byte> Payload => throw new NotSupportedException();
    public ReadOnlySpan<byte> Record => throw new NotSupportedException();
    /// <summary>Moves to the next whole group: its runs as they lie in the file, with the chain's value around them.</summary>
    public bool MoveNextGroup() => throw new NotSupportedException();
    public ReadOnlySpan<byte> GroupRecords => throw new NotSupportedException();
    public ChainValue ChainBefore => throw new NotSupportedException();
    public ChainValue ChainAfter => throw new NotSupportedException();
    public void Dispose() => throw new NotSupportedException();
}
