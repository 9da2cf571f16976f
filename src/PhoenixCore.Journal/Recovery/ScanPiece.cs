namespace PhoenixCore.Journal.Recovery;

/// <summary>Verified whole runs within a block.</summary>
internal readonly unsafe struct ScanPiece(byte* records, int bytes, int count)
{
    public readonly byte* Records = records;
    public readonly int Bytes = bytes;
    public readonly int Count = count;
}
