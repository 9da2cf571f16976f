using PhoenixCore.Journal.SideIndex;

namespace PhoenixCore.Journal.Background;

/// <summary>Builds side indexes when nobody else wants the processor.</summary>
internal sealed class SideIndexWork(JournalOptions options, IndexShelf shelf, SegmentWork segments, Action<OperatorNote>? log) : IBackgroundWork
{
    private const int IdleMilliseconds = 20;
    private const int RetryMilliseconds = 2_500;
    private const double RestMillisecondsMax = 10_000;

    public int Step()
    {
        try
        {
            var started = options.Clock();
            return shelf.BuildNext() ? Rest((options.Clock() - started) / 1e6) : IdleMilliseconds;
        }
        catch (Exception error)
        {
            // Whatever it is, the indexer's own bugs included: an index that is missing stops nobody.
            log?.Invoke(JournalNotes.IndexFailed($"journal: a side index could not be built and is tried again: {error.Message}"));
            return RetryMilliseconds;
        }
    }

    /// <summary>An index costs as much processor and disk as the segment itself did: under load it takes a tenth of the time, and catches up afterwards.</summary>
    private int Rest(double milliseconds) => segments.IsBusy ? (int)Math.Min(milliseconds * 9, RestMillisecondsMax) : 0;
}
