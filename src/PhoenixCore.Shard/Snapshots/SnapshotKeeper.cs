using System.Diagnostics;
using PhoenixCore.Journal;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>Takes snapshots of a running shard on a thread of its own: when asked, and after so many bytes of journal; removes the oldest.</summary>
/// <remarks>A snapshot that fails stops nobody: it is told and tried again, and the journal is always enough.</remarks>
public sealed class SnapshotKeeper : IDisposable
{
    /// <summary>Fewer could leave no sound one while the newest is being written.</summary>
    public const int KeptMin = 2;
    private const int PollMilliseconds = 100;
    private const int RetryMilliseconds = 30_000;
    private const int StepBack = 5;

    private readonly IJournalStorage _storage;
    private readonly Journal.Journal _journal;
    private readonly ShardOptions _options;
    private readonly SnapshotGate _gate;
    private readonly ShardCursors _cursors;
    private readonly int _rowsMax;
    private readonly Action<OperatorNote>? _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private TaskCompletionSource<SnapshotInfo>? _waiting;
    private long _bytesAtLast;
    private volatile SnapshotProgress _progress = new();

    internal SnapshotKeeper(IJournalStorage storage, Journal.Journal journal, ShardOptions options, SnapshotGate gate, ShardCursors cursors, int rowsMax, long bytesReplayed, Action<OperatorNote>? log)
    {
        (_storage, _journal, _options, _gate, _cursors, _rowsMax, _log) = (storage, journal, options, gate, cursors, rowsMax, log);
        _bytesAtLast = -bytesReplayed; // what was replayed would be replayed again
        _thread = new Thread(Run) { Name = "phoenix-snapshot", IsBackground = true };
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
        lock (_lock)
        {
            if (_stop.IsCancellationRequested) return Task.FromCanceled<SnapshotInfo>(_stop.Token);
            if (_waiting == null)
            {
                _waiting = new TaskCompletionSource<SnapshotInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
                _asked.Release();
            }

            return _waiting.Task;
        }
    }

    internal void Start() => _thread.Start();

    /// <summary>Gives up what is under way. Before the writer's thread is stopped.</summary>
    public void Dispose()
    {
        lock (_lock) _stop.Cancel();
        if (_thread.IsAlive) _thread.Join();
        _waiting?.TrySetCanceled();
        _asked.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        BackgroundThread.StepBack(StepBack);
        var notBefore = 0L;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!_asked.Wait(PollMilliseconds, _stop.Token) && (!IsDue || Environment.TickCount64 < notBefore)) continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            TaskCompletionSource<SnapshotInfo>? waiting;
            lock (_lock) (waiting, _waiting) = (_waiting, null);
            try
            {
                var taken = Take();
                waiting?.TrySetResult(taken);
            }
            catch (OperationCanceledException)
            {
                waiting?.TrySetCanceled();
                return;
            }
            catch (Exception error)
            {
                // Whatever it is, bugs included: a snapshot that is missing stops nobody.
                Failed++;
                _log?.Invoke(SnapshotNotes.NotTaken($"snapshot: not taken: {error.Message}"));
                notBefore = Environment.TickCount64 + RetryMilliseconds;
                waiting?.TrySetException(error);
            }
        }
    }

    private bool IsDue => _options.SnapshotEveryBytes > 0 && _journal.WrittenBytes - _bytesAtLast >= _options.SnapshotEveryBytes;

    private SnapshotInfo Take()
    {
        var started = Stopwatch.GetTimestamp();
        var bytes = _journal.WrittenBytes;
        var info = Write();
        (_bytesAtLast, Last, LastSeconds, Taken) = (bytes, info, Stopwatch.GetElapsedTime(started).TotalSeconds, Taken + 1);
        _log?.Invoke(SnapshotNotes.Taken($"snapshot: {info.Name} at sequence {info.Sequence}, {info.Bytes} bytes in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms, {_progress.CopiedBytes} bytes copied aside."));
        Prune();
        return info;
    }

    private SnapshotInfo Write()
    {
        _gate.Begin(_stop.Token);
        try
        {
            var image = _gate.Image ?? throw new InvalidOperationException(_gate.Failure?.Message ?? "the ledger holds nothing yet");
            using var writer = new SnapshotWriter(_storage, _options.Journal.ShardId, image, _gate.Sequence, _gate.Stamp, _rowsMax);
            var started = Stopwatch.GetTimestamp();
            _progress = new SnapshotProgress { BytesTotal = writer.Bytes, IsRunning = true };
            while (writer.CopyNext()) Step(writer, image);
            _gate.End(_stop.Token);
            _progress = _progress with { CopyMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
            while (writer.ReadBackNext()) _stop.Token.ThrowIfCancellationRequested();
            while (_cursors.Committed < _gate.Sequence) _stop.Token.WaitHandle.WaitOne(1); // the writer sealed that group: it is on its way
            _stop.Token.ThrowIfCancellationRequested();
            if (!_journal.Reader.TryReadPosition(_gate.Sequence, out var position, out var header)) throw new InvalidOperationException($"no run of the journal ends at sequence {_gate.Sequence}");
            return writer.Complete(position, header.Epoch);
        }
        finally
        {
            if (_gate.Image != null) _gate.End(_stop.Token);
            _progress = _progress with { IsRunning = false };
        }
    }

    private void Step(SnapshotWriter writer, StateImage image)
    {
        _stop.Token.ThrowIfCancellationRequested();
        _progress = _progress with { BytesDone = _progress.BytesDone + writer.StepBytes, CopiedBytes = image.CopiedBytes };
    }

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
