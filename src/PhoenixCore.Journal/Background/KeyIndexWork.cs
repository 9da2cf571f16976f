namespace PhoenixCore.Journal.Background;

/// <summary>Keeps the key index. Keys are taken over at once, since a search that finds them missing has to do it itself; merging can wait, and takes a tenth
/// of the time under load unless runs pile up.</summary>
internal sealed class KeyIndexWork(JournalOptions options, KeyIndex.KeyIndex keys, SegmentWork segments, Action<OperatorNote>? log) : IBackgroundWork
{
    private const int IdleMilliseconds = 5;
    private const int RetryMilliseconds = 1_000;

    private long _mergeAt;
    private string? _told;

    public int Step()
    {
        try
        {
            keys.Keep();
            var isUrgent = keys.IsBehind;
            var merged = false;
            if (isUrgent || options.Clock() >= _mergeAt)
            {
                var started = options.Clock();
                merged = keys.Merge();
                var ended = options.Clock();
                _mergeAt = segments.IsBusy ? ended + ((ended - started) * 9) : ended;
            }
            return !merged || (segments.IsBusy && !isUrgent) ? IdleMilliseconds : 0;
        }
        catch (Exception error)
        {
            // Whatever it is, the indexer's own bugs included: searches then read the journal themselves, and meet the error where it matters.
            if (error.Message != _told)
                log?.Invoke(JournalNotes.KeyIndexFailed($"journal: the key index could not be kept and is tried again: {error.Message}"));
            _told = error.Message;
            return RetryMilliseconds;
        }
    }
}
