using PhoenixCore.Journal.Recovery;
using PhoenixCore.Journal.SideIndex;

namespace PhoenixCore.Journal.Segments;

/// <summary>From what recovery found to what the open journal works with.</summary>
internal static class CatalogFill
{
    /// <summary>The sealed segments, oldest first.</summary>
    public static SegmentCatalog From(IJournalStorage storage, JournalOptions options, JournalRecovery found)
    {
        var catalog = new SegmentCatalog(found.Older.Count + found.Outcome.Segments.Count);
        foreach (var older in UnbrokenEnd(found.Older, found.Outcome))
            catalog.Add(DescribeOlder(storage, options, older));
        foreach (var finding in found.Outcome.Segments)
        {
            if (finding.HasGroups)
                catalog.Add(DescribeScanned(storage, options, finding));
        }
        return catalog;
    }

    /// <summary>A preparer that goes on behind the last used segment, with the usable spares in hand.</summary>
    public static SegmentPreparer PreparerBehind(IJournalStorage storage, JournalOptions options, JournalRecovery found)
    {
        var spares = found.Outcome.Segments.Where(segment => !segment.HasGroups && segment.File.Number >= found.Outcome.EndSegment).ToList();
        var next = spares.Count != 0 ? spares[0].File.Number : found.Outcome.Segments.Count != 0 ? found.Outcome.EndSegment + 1 : 1;
        var preparer = new SegmentPreparer(storage, options, next);
        foreach (var spare in spares)
            preparer.Adopt(spare.File.Number, spare.File.Length);
        return preparer;
    }

    /// <summary>Segments that were moved elsewhere may leave holes; readers get what reaches up to the scanned ones without one.</summary>
    private static IEnumerable<SegmentFile> UnbrokenEnd(List<SegmentFile> older, ScanOutcome outcome)
    {
        if (outcome.Segments.Count == 0)
            return [];
        var first = older.Count;
        var next = outcome.Segments[0].File.Number;
        while (first > 0 && older[first - 1].Number == next - 1)
        {
            first--;
            next--;
        }
        return older.Skip(first);
    }

    private static SegmentEntry DescribeScanned(IJournalStorage storage, JournalOptions options, SegmentFinding finding)
    {
        var entry = new SegmentEntry(finding.File.Number, finding.ValidEnd, finding.Directory) { IsSealed = true };
        entry.Begin(finding.FirstSequence);
        entry.Extend(finding.ValidEnd, finding.LastSequence, finding.FirstStampedAt, finding.LastStampedAt);
        entry.HasIndexFile = SegmentIndex.TryDescribe(storage, options.ShardId, finding.File.Number) is { } described && described.ValidEnd == finding.ValidEnd;
        return entry;
    }

    private static SegmentEntry DescribeOlder(IJournalStorage storage, JournalOptions options, SegmentFile older)
    {
        var described = SegmentIndex.TryDescribe(storage, options.ShardId, older.Number);
        if (described is not null)
        {
            described.HasIndexFile = true;
            return described;
        }
        return SegmentSurvey.Describe(storage, options, older);
    }
}
