using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal.Segments;

/// <summary>Finds out what an unindexed segment before the replayed ones holds, by stepping over its group headers.</summary>
internal static unsafe class SegmentSurvey
{
    /// <exception cref="RecordDamagedException">No group stands at its start.</exception>
    public static SegmentEntry Describe(IJournalStorage storage, JournalOptions options, Recovery.SegmentFile older)
    {
        using var file = storage.Open(FileNames.Segment(older.Number), JournalFileMode.Read);
        using var map = file.Map(older.Length, writable: false);
        GroupHeader* first = null;
        GroupHeader* last = null;
        long firstStamp = 0;
        long end = Page.Size;
        while (end + GroupHeader.Size <= older.Length)
        {
            var group = (GroupHeader*)(map.Address + end);
            if (!GroupHeader.StandsAt(group, options.ShardId, older.Number, end) || end + group->FramedBytes > older.Length)
                break;
            if (firstStamp == 0 && group->Count != 0)
                firstStamp = ((RecordHeader*)((byte*)group + GroupHeader.Size))->StampedAt;
            first = first is null ? group : first;
            last = group;
            end += group->FramedBytes;
        }
        if (first is null)
            throw new RecordDamagedException(older.Number, Page.Size, 0, "no group header stands at the segment's start");
        var entry = new SegmentEntry(older.Number, end, null) { IsSealed = true };
        entry.Begin(first->FirstSequence);
        entry.Extend(end, last->LastSequence, firstStamp, last->StampedAt);
        return entry;
    }
}
