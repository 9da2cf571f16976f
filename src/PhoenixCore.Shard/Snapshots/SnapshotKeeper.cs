using PhoenixCore.Journal;
using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Takes snapshots of a running shard: when asked, and after so many bytes of journal; removes the oldest. A step machine.</summary>
/// <remarks>A snapshot that fails stops nobody: it is told and tried again, and the journal is always enough.</remarks>
public sealed partial class SnapshotKeeper : IWorkSource, IDisposable
{
    /// <summary>Fewer could leave no sound one while the newest is being written.</summary>
    public const int KeptMin = 2;
    private const int PollMilliseconds = 100;
    private const int AwaitMilliseconds = 1;

    /// <summary>Of the time that a piece took, while callers write: the disk is theirs first.</summary>
    private const int RestShare = 5;
    private const double RestMillisecondsMax = 100;
    private const long RetryNanoseconds = 30_000_000_000;

    private readonly IJournalStorage _storage;
    private readonly Journal.Journal _journal;
    private readonly ShardOptions _options;
    private readonly SnapshotGate _gate;
    private readonly ShardCursors _cursors;
    private readonly int _rowsMax;
    private readonly IWaitStrategy _wait;
    private readonly Action<OperatorNote>? _log;
    private readonly Lock _lock = new();
    private TaskCompletionSource<SnapshotInfo>? _waiting;
    private TaskCompletionSource<SnapshotInfo>? _served;
    private IEnumerator<int>? _work;
    private SnapshotInfo? _taken;
    private bool _ended;
    private long _notBefore;
    private long _bytesAtLast;
    private volatile SnapshotProgress _progress = new();

    internal SnapshotKeeper(IJournalStorage storage, Journal.Journal journal, ShardOptions options, SnapshotGate gate, ShardCursors cursors, int rowsMax, long bytesReplayed, IWaitStrategy wait, Action<OperatorNote>? log)
    {
        (_storage, _journal, _options, _gate, _cursors, _rowsMax, _wait, _log) = (storage, journal, options, gate, cursors, rowsMax, wait, log);
        _bytesAtLast = -bytesReplayed; // what was replayed would be replayed again
    }

    /// <summary>The last one taken since the start; null = none yet.</summary>
    public SnapshotInfo? Last { get; private set; }

    /// <summary>What the last one took.</summary>
    public double LastSeconds { get; private set; }

    /// <summary>Taken since the start.</summary>
    public long Taken { get; private set; }

    /// <summary>Not taken since the start, because something failed.</summary>
    public long Failed { get; private set; }

    /// <summary>What the one under way, or the last one, has done and cost.</summary>
    public SnapshotProgress Progress => _progress;

    /// <summary>Somebody asks for one, and none is under way.</summary>
    public bool HasWork => Volatile.Read(ref _work) is null && (Volatile.Read(ref _waiting) is not null || Volatile.Read(ref _mark) is not null);

    private long Now => _options.Journal.Clock();

    private bool IsDue => _options.SnapshotEveryBytes > 0 && _journal.WrittenBytes - _bytesAtLast >= _options.SnapshotEveryBytes && Now >= _notBefore;

    /// <summary>Those whose first page is whole, newest first.</summary>
    public IReadOnlyList<SnapshotInfo> Sound()
    {
        var sound = new List<SnapshotInfo>();
        foreach (var name in SnapshotNames.In(_storage))
        {
            try
            {
                using var reader = SnapshotReader.Open(_storage, name, _options.Journal.ShardId);
                sound.Add(reader.Info);
            }
            catch (SnapshotUnusableException)
            {
                // Not one of them; the next start says so.
            }
        }

        return sound;
    }

    /// <summary>Takes one now, or joins whoever has asked and is not served yet. Completes when it is durable under its name.</summary>
    /// <exception cref="IOException">It could not be written; the shard goes on.</exception>
    /// <exception cref="OperationCanceledException">The shard ended first.</exception>
    public Task<SnapshotInfo> TakeAsync()
    {
        Task<SnapshotInfo> taken;
        lock (_lock)
        {
            if (_ended) return Task.FromCanceled<SnapshotInfo>(new CancellationToken(canceled: true));
            _waiting ??= new TaskCompletionSource<SnapshotInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
            taken = _waiting.Task;
        }

        _wait.Signal();
        return taken;
    }

    /// <summary>Does one piece of the snapshot under way, or looks whether one is due. One thread.</summary>
    /// <returns>Milliseconds to pause before the next piece; 0 = none.</returns>
    internal int Step()
    {
        if (_work is null)
        {
            if (!HasWork && !IsDue) return PollMilliseconds;
            lock (_lock)
            {
                if (_mark is null) (_served, _waiting) = (_waiting, null);
                Volatile.Write(ref _work, _mark is null ? Take() : Digest(_mark));
            }
        }

        try
        {
            if (_work!.MoveNext()) return _work.Current;
            _served?.TrySetResult(_taken!);
        }
        catch (Exception error) when (_mark is null)
        {
            // Whatever it is, bugs included: a snapshot that is missing stops nobody.
            Failed++;
            _log?.Invoke(SnapshotNotes.NotTaken($"snapshot: not taken: {error.Message}"));
            _notBefore = Now + RetryNanoseconds;
            _served?.TrySetException(error);
        }
        catch (Exception error)
        {
            _mark!.TrySetException(error);
        }

        EndWork();
        return 0;
    }

    /// <summary>Gives up what is under way. Nobody steps any more; the writer may still be at work.</summary>
    public void Dispose()
    {
        lock (_lock) _ended = true;
        EndWork();
        _served?.TrySetCanceled();
        _waiting?.TrySetCanceled();
        _mark?.TrySetCanceled();
    }

    private void EndWork()
    {
        _work?.Dispose();
        lock (_lock)
        {
            if (!_ended) _mark = null;
            Volatile.Write(ref _work, null);
        }
    }

    private IEnumerator<int> Take()
    {
        var started = Now;
        var bytes = _journal.WrittenBytes;
        while (_gate.IsPending) yield return AwaitMilliseconds; // the end of one that failed
        _gate.Begin();
        while (_gate.IsPending) yield return AwaitMilliseconds;
        SnapshotWriter? writer = null;
        try
        {
            var image = _gate.Image ?? throw new InvalidOperationException(_gate.Failure?.Message ?? "the ledger holds nothing yet");
            writer = new SnapshotWriter(_storage, _options.Journal.ShardId, image, _gate.Sequence, _gate.Stamp, _rowsMax);
            _progress = new SnapshotProgress { BytesTotal = writer.Bytes, IsRunning = true };
            var (began, written) = (Now, _journal.WrittenBytes);
            while (writer.CopyNext())
            {
                _progress = _progress with { BytesDone = _progress.BytesDone + writer.StepBytes, CopiedBytes = image.CopiedBytes };
                yield return RestAfter(began, written);
                (began, written) = (Now, _journal.WrittenBytes);
            }

            _gate.End();
            while (_gate.IsPending) yield return AwaitMilliseconds;
            _progress = _progress with { CopyMilliseconds = (Now - started) / 1e6 };
            (began, written) = (Now, _journal.WrittenBytes);
            while (writer.ReadBackNext())
            {
                yield return RestAfter(began, written);
                (began, written) = (Now, _journal.WrittenBytes);
            }

            while (_cursors.Committed < _gate.Sequence) yield return AwaitMilliseconds; // the writer sealed that group: it is on its way
            _taken = Complete(writer);
        }
        finally
        {
            writer?.Dispose();
            if (_gate.Image != null) _gate.End();
            _progress = _progress with { IsRunning = false };
        }

        (_bytesAtLast, Last, LastSeconds, Taken) = (bytes, _taken, (Now - started) / 1e9, Taken + 1);
        _log?.Invoke(SnapshotNotes.Taken($"snapshot: {_taken.Name} at sequence {_taken.Sequence}, {_taken.Bytes} bytes in {LastSeconds * 1_000:F0} ms, {_progress.CopiedBytes} bytes copied aside."));
        Prune();
    }

    /// <returns>Milliseconds; none where nothing else was written meanwhile.</returns>
    private int RestAfter(long began, long written) => _journal.WrittenBytes == written ? 0 : (int)Math.Min(RestMillisecondsMax, (Now - began) / 1e6 * RestShare);

    private SnapshotInfo Complete(SnapshotWriter writer) => _journal.Reader.TryReadPosition(_gate.Sequence, out var position, out var header)
        ? writer.Complete(position, header.Epoch)
        : throw new InvalidOperationException($"no run of the journal ends at sequence {_gate.Sequence}");

    /// <summary>Only after a new one is durable; those that are begun or foreign are left alone.</summary>
    private void Prune()
    {
        foreach (var name in SnapshotNames.In(_storage).Skip(Math.Max(KeptMin, _options.SnapshotsKept)))
        {
            _storage.Delete(name);
            _log?.Invoke(SnapshotNotes.Removed($"snapshot: {name} is older than those kept and was removed."));
        }
    }
}
