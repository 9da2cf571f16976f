using PhoenixCore.Journal.Framing;

namespace PhoenixCore.Journal;

/// <summary>Refuses settings that could not work.</summary>
internal static class OptionChecks
{
    public static void Demand(JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        DemandPages(options.GroupBytesMax, nameof(options.GroupBytesMax));
        DemandPages(options.SegmentBytesMin, nameof(options.SegmentBytesMin));
        DemandPages(options.SegmentBytesMax, nameof(options.SegmentBytesMax));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.GroupBytesMax, GroupHeader.GroupBytesLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentBytesMin, options.GroupBytesMax + Page.Size);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentBytesMax, options.SegmentBytesMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SparesAhead, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.KeysPerRun, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.KeysPerRun, 1 << 24);
    }

    private static void DemandPages(int bytes, string name)
    {
        if (bytes < Page.Size || bytes % Page.Size != 0)
            throw new ArgumentOutOfRangeException(name, bytes, "A multiple of 4,096 is needed.");
    }
}
