using System.Diagnostics;
using PhoenixCore.Journal.Posix;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.SideIndex;

namespace PhoenixCore.Journal;

/// <summary>The journal's own threads: one prepares and finishes segments, one keeps the key index, one builds side indexes when nobody else wants the processor.</summary>
internal sealed class BackgroundWork : IDisposable
{
    private const int IdleMilliseconds = 20;
    private const int RetryMilliseconds = 250;
    private const int RateWindowMilliseconds = 250;
    private const int LowestPriority = 19;
    private const int LowPriority = 5;
    private const int KeysMilliseconds = 5;
    private const double BusyBytesPerSecond = ZeroBudget.LeastBytesPerSecond;
    private const double RestMillisecondsMax = 10_000;

    private readonly JournalOptions _options;
    private readonly SegmentPreparer _preparer;
    private readonly SegmentSealer _sealer;
    private readonly IndexShelf _shelf;
    private readonly GroupCommitter _committer;
    private readonly Action<OperatorNote>? _log;
    private readonly ManualResetEventSlim _stop = new(false, spinCount: 0); // what it is waited with is milliseconds: looking for it would only cost
    private readonly Thread _preparing;
    private readonly Thread _indexing;
    private readonly Thread? _keeping;
    private readonly ZeroBudget _zeros = new();
    private double _bytesPerSecond;
    private long _rateAt = Stopwatch.GetTimestamp();
    private long _rateBytes;

    public BackgroundWork(JournalOptions options, SegmentPreparer preparer, SegmentSealer sealer, IndexShelf shelf, KeyIndex.KeyIndex? keys, GroupCommitter committer, Action<OperatorNote>? log)
    {
        _options = options;
        _preparer = preparer;
        _sealer = sealer;
        _shelf = shelf;
        _committer = committer;
        _log = log;
        _preparing = new Thread(Prepare) { Name = "journal-prepare", IsBackground = true };
        _indexing = new Thread(Index) { Name = "journal-index", IsBackground = true };
        _preparing.Start();
        _indexing.Start();
        if (keys is null)
            return;
        _keeping = new Thread(() => KeepKeys(keys)) { Name = "journal-keys", IsBackground = true };
        _keeping.Start();
    }

    private bool IsBusy => Volatile.Read(ref _bytesPerSecond) > BusyBytesPerSecond;

    /// <summary>Stops the threads and waits for the piece of work they are at.</summary>
    public void Dispose()
    {
        _stop.Set();
        _preparing.Join();
        _indexing.Join();
        _keeping?.Join();
        _stop.Dispose();
    }

    private void Prepare()
    {
        string? told = null;
        while (!_stop.IsSet)
        {
            MeasureRate();
            _zeros.Observe(_bytesPerSecond, _committer.ReadyBytes, _preparer.WantedBytes, Environment.TickCount64);
            _preparer.WritesZeros = _zeros.IsAffordable;
            FinishSealed();
            var worked = _preparer.Step();
            var error = _preparer.LastError?.Message;
            if (error is not null && error != told)
                _log?.Invoke(JournalNotes.PreparationFailed($"journal: preparing a segment failed and is retried: {error}"));
            told = error;
            if (!worked)
                _stop.Wait(error is null ? IdleMilliseconds : RetryMilliseconds);
            else
                Pace();
        }
    }

    private void FinishSealed()
    {
        try
        {
            while (_sealer.Step())
            {
                // One segment each.
            }
        }
        catch (JournalIoException error)
        {
            _log?.Invoke(JournalNotes.RestKept($"journal: the rest of a sealed segment was not given back: {error.Message}"));
        }
    }

    private void Index()
    {
        // Only the lookups of history wait for it; without the right to ask for this it just runs like the others.
        _ = Libc.SetPriority(0, Libc.GetThreadId(), LowestPriority);
        while (!_stop.Wait(IdleMilliseconds))
        {
            try
            {
                var started = Stopwatch.GetTimestamp();
                while (!_stop.IsSet && _shelf.BuildNext())
                {
                    Rest(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                    started = Stopwatch.GetTimestamp();
                }
            }
            catch (Exception error)
            {
                // Whatever it is, the indexer's own bugs included: an index that is missing stops nobody.
                _log?.Invoke(JournalNotes.IndexFailed($"journal: a side index could not be built and is tried again: {error.Message}"));
                _stop.Wait(RetryMilliseconds * 10);
            }
        }
    }

    /// <summary>Keys are taken over at once, since a search that finds them missing has to do it itself; merging can wait, and takes a tenth of the
    /// time under load unless runs pile up.</summary>
    private void KeepKeys(KeyIndex.KeyIndex keys)
    {
        _ = Libc.SetPriority(0, Libc.GetThreadId(), LowPriority);
        var mergeAt = 0L;
        string? told = null;
        while (!_stop.IsSet)
        {
            try
            {
                keys.Keep();
                var isUrgent = keys.IsBehind;
                var merged = false;
                if (isUrgent || Stopwatch.GetTimestamp() >= mergeAt)
                {
                    var started = Stopwatch.GetTimestamp();
                    merged = keys.Merge();
                    var ended = Stopwatch.GetTimestamp();
                    mergeAt = IsBusy ? ended + ((ended - started) * 9) : ended;
                }
                if (!merged || (IsBusy && !isUrgent))
                    _stop.Wait(KeysMilliseconds);
            }
            catch (Exception error)
            {
                // Whatever it is, the indexer's own bugs included: searches then read the journal themselves, and meet the error where it matters.
                if (error.Message != told)
                    _log?.Invoke(JournalNotes.KeyIndexFailed($"journal: the key index could not be kept and is tried again: {error.Message}"));
                told = error.Message;
                _stop.Wait(RetryMilliseconds * 4);
            }
        }
    }

    /// <summary>An index costs as much processor and disk as the segment itself did: under load it takes a tenth of the time, and catches up afterwards.</summary>
    private void Rest(double milliseconds)
    {
        if (IsBusy)
            _stop.Wait((int)Math.Min(milliseconds * 9, RestMillisecondsMax));
    }

    private void MeasureRate()
    {
        var elapsed = Stopwatch.GetElapsedTime(_rateAt);
        if (elapsed.TotalMilliseconds < RateWindowMilliseconds)
            return;
        var written = _committer.WrittenBytes;
        var now = (written - _rateBytes) / elapsed.TotalSeconds;
        // Rising at once, falling slowly: room is wanted before the rate has settled.
        _bytesPerSecond = Math.Max(now, (_bytesPerSecond * 0.9) + (now * 0.1));
        (_rateAt, _rateBytes) = (Stopwatch.GetTimestamp(), written);
        _preparer.WantedBytes = (long)(_bytesPerSecond * _options.PrepareAheadMilliseconds / 1000);
    }

    /// <summary>Zero-writing takes the disk's time from the committer, so it goes only as fast as it must: unhindered while room is
    /// short, at one and a half times the present rate otherwise.</summary>
    private void Pace()
    {
        var ready = _committer.ReadyBytes;
        if (!_zeros.IsAffordable || ready * 2 < _preparer.WantedBytes || ready == 0 || _bytesPerSecond < SegmentPreparer.PieceBytes)
            return;
        _stop.Wait((int)(SegmentPreparer.PieceBytes * 1000L / (_bytesPerSecond * 1.5)));
    }
}
