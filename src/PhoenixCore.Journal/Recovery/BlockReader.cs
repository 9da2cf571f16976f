using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Recovery;

/// <summary>Reads segments from the device, one stretch after the other. One thread.</summary>
/// <remarks>
/// Each file is synced and its cached pages are dropped before the first read: after a failed sync of an earlier process the cache shows
/// bytes that the device does not have, and only the device counts.
/// </remarks>
internal sealed unsafe class BlockReader(IJournalStorage storage, IReadOnlyList<SegmentFile> segments) : IDisposable
{
    private IJournalFile? _file;
    private int _index;
    private long _offset;

    public long BytesRead { get; private set; }

    /// <summary>Fills the block with the next stretch.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryFill(ScanBlock block)
    {
        if (_index == segments.Count)
            return false;
        var segment = segments[_index];
        _file ??= OpenFromDevice(storage, segment.Number);
        block.Segment = segment;
        block.Offset = _offset;
        var wanted = (int)Math.Min(block.BytesMax, Page.RoundUp(segment.Length - _offset));
        block.Bytes = _file.Read(_offset, block.Data, wanted);
        block.Pieces.Clear();
        if (block.Bytes < Math.Min(wanted, segment.Length - _offset))
            throw new JournalIoException("pread", _file.Name, _offset + block.Bytes, 0);
        BytesRead += block.Bytes;
        _offset += block.Bytes;
        if (_offset >= segment.Length)
        {
            Dispose();
            _index++;
            _offset = 0;
        }
        return true;
    }

    /// <summary>Opens a segment so that reads see what is on the device.</summary>
    public static IJournalFile OpenFromDevice(IJournalStorage storage, ulong segment)
    {
        var file = storage.Open(FileNames.Segment(segment), JournalFileMode.ReadDirect);
        try
        {
            file.Sync();
            file.DropCache();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
