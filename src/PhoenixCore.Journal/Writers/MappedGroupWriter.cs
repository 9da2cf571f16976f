using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Writers;

/// <summary>A copy into the mapping, then msync of that range.</summary>
internal sealed unsafe class MappedGroupWriter : IGroupWriter
{
    public void Write(PreparedSegment segment, long offset, byte* group, int bytes)
    {
        segment.Mapping!.Write(offset, group, bytes);
        segment.Mapping.Sync(offset, bytes);
    }
}
