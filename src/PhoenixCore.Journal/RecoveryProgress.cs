namespace PhoenixCore.Journal;

/// <summary>How far an opening has come. The opening thread writes, any thread reads.</summary>
public sealed class RecoveryProgress
{
    private long _bytesTotal;
    private long _bytesDone;

    /// <summary>Bytes of segments that have to be read; 0 until they are known.</summary>
    public long BytesTotal => Volatile.Read(ref _bytesTotal);

    /// <summary>Bytes whose records were replayed.</summary>
    public long BytesDone => Volatile.Read(ref _bytesDone);

    internal void Begin(long bytesTotal) => Volatile.Write(ref _bytesTotal, bytesTotal);

    internal void Advance(long bytes) => Volatile.Write(ref _bytesDone, _bytesDone + bytes);
}
