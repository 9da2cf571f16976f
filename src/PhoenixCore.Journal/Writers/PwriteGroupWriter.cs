using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Writers;

/// <summary>pwrite, then fdatasync: the blocks exist and are written, so the sync carries data alone.</summary>
internal sealed unsafe class PwriteGroupWriter : IGroupWriter
{
    public void Write(PreparedSegment segment, long offset, byte* group, int bytes)
    {
        segment.File.Write(offset, group, bytes);
        segment.File.SyncData();
    }
}
