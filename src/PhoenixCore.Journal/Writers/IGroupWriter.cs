using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Writers;

/// <summary>Puts a framed group on disk. On return it is durable; on an exception nobody knows.</summary>
internal unsafe interface IGroupWriter
{
    /// <param name="offset">In the segment; a multiple of 4,096, never written before.</param>
    /// <param name="bytes">A multiple of 4,096.</param>
    void Write(PreparedSegment segment, long offset, byte* group, int bytes);
}
