using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.Segments;

/// <summary>Steps from group to group through the valid part of a mapped segment.</summary>
internal unsafe struct GroupWalk(byte* segmentStart, long validEnd, Guid shard, ulong number)
{
    private long _next = Page.Size;

    /// <summary>Where the group that was returned last begins.</summary>
    public long Offset { get; private set; }

    /// <exception cref="RecordDamagedException">No group header stands where one must.</exception>
    public bool TryNext(out GroupHeader* group)
    {
        group = null;
        if (_next >= validEnd)
            return false;
        group = (GroupHeader*)(segmentStart + _next);
        if (!GroupHeader.StandsAt(group, shard, number, _next) || group->FramedBytes > validEnd - _next)
            throw new RecordDamagedException(number, _next, 0, "no group header stands here");
        Offset = _next;
        _next += group->FramedBytes;
        return true;
    }
}
