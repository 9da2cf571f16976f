using PhoenixCore.Journal.Segments;

namespace PhoenixCore.Journal.Background;

/// <summary>Prepares segments at the pace of the commits and finishes those that were left.</summary>
internal sealed class SegmentWork(JournalOptions options, SegmentPreparer preparer, SegmentSealer sealer, GroupCommitter committer, Action<OperatorNote>? log) : IBackgroundWork
{
    private const int IdleMilliseconds = 20;
    private const int RetryMilliseconds = 250;
    private const long RateWindowNanoseconds = 250_000_000;

    private readonly ZeroBudget _zeros = new();
    private double _bytesPerSecond;
    private long _rateAt = options.Clock();
    private long _rateBytes;
    private string? _told;

    /// <summary>Groups come so fast that others should take little of the disk and the processor. Any thread.</summary>
    public bool IsBusy => Volatile.Read(ref _bytesPerSecond) > ZeroBudget.LeastBytesPerSecond;

    public int Step()
    {
        MeasureRate();
        _zeros.Observe(_bytesPerSecond, committer.ReadyBytes, preparer.WantedBytes, options.Clock() / 1_000_000);
        preparer.WritesZeros = _zeros.IsAffordable;
        FinishSealed();
        var worked = preparer.Step();
        var error = preparer.LastError?.Message;
        if (error is not null && error != _told)
            log?.Invoke(JournalNotes.PreparationFailed($"journal: preparing a segment failed and is retried: {error}"));
        _told = error;
        if (worked)
            return Pace();
        return error is null ? IdleMilliseconds : RetryMilliseconds;
    }

    private void FinishSealed()
    {
        try
        {
            while (sealer.Step())
            {
                // One segment each.
            }
        }
        catch (JournalIoException error)
        {
            log?.Invoke(JournalNotes.RestKept($"journal: the rest of a sealed segment was not given back: {error.Message}"));
        }
    }

    private void MeasureRate()
    {
        var elapsed = options.Clock() - _rateAt;
        if (elapsed < RateWindowNanoseconds)
            return;
        var written = committer.WrittenBytes;
        var now = (written - _rateBytes) / (elapsed / 1e9);
        // Rising at once, falling slowly: room is wanted before the rate has settled.
        Volatile.Write(ref _bytesPerSecond, Math.Max(now, (_bytesPerSecond * 0.9) + (now * 0.1)));
        (_rateAt, _rateBytes) = (options.Clock(), written);
        preparer.WantedBytes = (long)(_bytesPerSecond * options.PrepareAheadMilliseconds / 1000);
    }

    /// <summary>Zero-writing takes the disk's time from the committer, so it goes only as fast as it must: unhindered while room is
    /// short, at one and a half times the present rate otherwise.</summary>
    private int Pace()
    {
        var ready = committer.ReadyBytes;
        if (!_zeros.IsAffordable || ready * 2 < preparer.WantedBytes || ready == 0 || _bytesPerSecond < SegmentPreparer.PieceBytes)
            return 0;
        return (int)(SegmentPreparer.PieceBytes * 1000L / (_bytesPerSecond * 1.5));
    }
}
