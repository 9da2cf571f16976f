using System.Runtime.InteropServices;
using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.Recovery;

/// <summary>A stretch of one segment on its way from the device to the visitor.</summary>
/// <remarks>In front of the stretch is room for the beginning of a group that the stretch before could not finish.</remarks>
internal sealed unsafe class ScanBlock : IDisposable
{
    private byte* _memory;

    public ScanBlock(int bytesMax)
    {
        BytesMax = bytesMax;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(GroupHeader.GroupBytesLimit + bytesMax), Page.Size);
    }

    public int BytesMax { get; }

    public byte* Data => _memory + GroupHeader.GroupBytesLimit;

    public int Bytes { get; set; }

    public SegmentFile Segment { get; set; }

    /// <summary>Where the stretch begins in its segment.</summary>
    public long Offset { get; set; }

    public bool EndsSegment => Offset + Bytes >= Segment.Length;

    /// <summary>Verified records in this block, to be visited in order.</summary>
    public List<ScanPiece> Pieces { get; } = [];

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
