using PhoenixCore.Journal.Background;
using PhoenixCore.Journal.Framing;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Journal.Recovery;
using PhoenixCore.Journal.Segments;
using PhoenixCore.Journal.SideIndex;
using PhoenixCore.Journal.Slots;
using PhoenixCore.Journal.Writers;

namespace PhoenixCore.Journal;

/// <summary>A shard's append-only log: opens with recovery, makes groups of records durable one at a time, serves readers.</summary>
/// <remarks>
/// Threads: <see cref="Commit"/>, <see cref="CommitReceived"/>, <see cref="SealIfIdle"/> and <see cref="Dispose"/> on one committer thread; everything
/// else on any. A write or sync that fails fences the journal for ever: what is on disk is then unknown until the next opening reads it.
/// </remarks>
public sealed class Journal : IDisposable
{
    private readonly IDisposable _lock;
    private readonly JournalOptions _options;
    private readonly SegmentPreparer _preparer;
    private readonly RecentGroups? _recent;
    private readonly SegmentMaps _maps;
    private readonly IndexShelf _shelf;
    private readonly KeyIndex.KeyIndex? _keys;
    private readonly SegmentSealer _sealer;
    private readonly GroupCommitter _committer;
    private readonly BackgroundThreads? _threads;
    private readonly IJournalStorage _storage;
    private readonly DurableEnd? _shown;
    private ulong _epoch;
    private volatile bool _follows;

    private Journal(IJournalStorage storage, JournalOptions options, IRecordIndexer? indexer, Action<OperatorNote>? log, IDisposable held, JournalRecovery found, RecoveryReport report)
    {
        _lock = held;
        (_storage, _options) = (storage, options);
        Recovery = report;
        (_epoch, _follows) = (report.Epoch, options.Follower);
        var catalog = CatalogFill.From(storage, options, found);
        _maps = new SegmentMaps(storage);
        _shelf = new IndexShelf(storage, options, indexer, catalog, _maps);
        _sealer = new SegmentSealer();
        _preparer = CatalogFill.PreparerBehind(storage, options, found);
        var end = new DurableEnd(report.LastSequence);
        var control = ControlFile.Open(storage, options.ShardId);
        if (options.ShowsCommittedOnly)
            _shown = new DurableEnd(0);
        _recent = options is { Writer: WriterKind.Pwrite, RecentBytes: > 0 } ? new RecentGroups(options.RecentBytes) : null;
        Durable = new JournalReader(options, catalog, _maps, _shelf, end, Meters, _recent);
        Reader = _shown is null ? Durable : new JournalReader(options, catalog, _maps, _shelf, _shown, Meters, _recent);
        _keys = Reader.Keys = indexer is null ? null : new KeyIndex.KeyIndex(storage, options, indexer, Durable, report, log);
        _committer = new GroupCommitter(options, report, found.Outcome.Group, catalog, _preparer, _sealer, control, end, _keys?.Feed, _recent, Meters);
        while (_preparer.ReadyBytes == 0 && _preparer.Step())
        {
            // The first segment is prepared before the journal is open; a full disk leaves it readable.
        }
        var segments = new SegmentWork(options, _preparer, _sealer, _committer, log);
        Background = new(segments, new(options, _shelf, segments, log), _keys is null ? null : new(options, _keys, segments, log));
        if (!options.OwnThreads)
            return;
        _threads = new BackgroundThreads(Background);
        _threads.Start();
    }

    /// <summary>What opening found and did.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>The epoch that every record committed here carries.</summary>
    public ulong Epoch => Volatile.Read(ref _epoch);

    /// <summary>It takes records from another copy and writes none of its own.</summary>
    public bool Follows => _follows;

    /// <summary>The last durable sequence; 0 when there is none.</summary>
    public ulong LastSequence => Durable.LastSequence;

    /// <summary>The durable end and the chain's value there: what a snapshot remembers. Committer thread.</summary>
    public JournalPosition Position => _committer.Position;

    /// <summary>Bytes of framed groups that prepared segments will hold for certain, whatever the groups' sizes. A group counts with its 160-byte
    /// header, rounded up to 4,096.</summary>
    public long ReadyBytes => _committer.ReadyBytes;

    /// <summary>Bytes of groups written since the opening.</summary>
    public long WrittenBytes => _committer.WrittenBytes;

    /// <summary>Why preparing segments failed last; null when it did not, or has succeeded since. Retried for ever.</summary>
    public JournalIoException? LastPreparationError => _preparer.LastError;

    /// <summary>The error that fenced the journal; null while it takes groups.</summary>
    public JournalIoException? Fence => _committer.Fence;

    /// <summary>What was counted since the opening.</summary>
    public JournalMeters Meters { get; } = new();

    /// <summary>What is to be done beside the commits; with <see cref="JournalOptions.OwnThreads"/> the journal's threads do it.</summary>
    internal JournalBackground Background { get; }

    /// <summary>Records that may be shown, for any thread: the durable ones, or, with <see cref="JournalOptions.ShowsCommittedOnly"/>, those up to <see cref="Show"/>.</summary>
    public JournalReader Reader { get; }

    /// <summary>Every record that is durable here, shown or not: for shipping them to other copies, and for applying them once they are committed.</summary>
    public JournalReader Durable { get; }

    /// <summary>Takes the directory, reads and verifies the journal, replays it through the visitor, raises the epoch, and makes it ready for groups.</summary>
    /// <param name="visitor">Gets every record behind <see cref="JournalOptions.ReplayAfter"/>, before this returns.</param>
    /// <param name="indexer">Decides what side indexes hold beside positions and times, and knows idempotency keys; without it there is no key index.</param>
    /// <param name="log">Gets what an operator should know. Any thread.</param>
    /// <exception cref="JournalLockedException">The directory is open elsewhere.</exception>
    /// <exception cref="JournalDamagedException">Bytes that were once durable are missing or changed; nothing has been written.</exception>
    /// <exception cref="JournalIoException">The system refused.</exception>
    /// <param name="start">Asked once the directory is taken; says where replay starts and who gets the records, instead of options and visitor.</param>
    /// <param name="progress">Told how far it is.</param>
    public static Journal Open(
        IJournalStorage storage, JournalOptions options, IRecordVisitor? visitor = null, IRecordIndexer? indexer = null, Action<OperatorNote>? log = null, Func<ReplayStart>? start = null, RecoveryProgress? progress = null)
    {
        OptionChecks.Demand(options);
        var held = storage.Lock(FileNames.Lock);
        try
        {
            storage.SyncDirectory();
            (options, visitor) = Begin(options, visitor, start);
            var recovery = new JournalRecovery(storage, options, visitor, progress);
            var report = recovery.Run(wantDirectories: true);
            RecoveryRepair.RemoveUnfinished(storage);
            report = new RecoveryRepair(storage, options, recovery).Run(report);
            Tell(report, log);
            return new Journal(storage, options, indexer, log, held, recovery, report);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Reads and verifies a journal without changing anything, not even its epoch. It must not be open elsewhere.</summary>
    /// <exception cref="JournalDamagedException">A writable opening would refuse for the same reason.</exception>
    /// <param name="start"><inheritdoc cref="Open"/></param>
    /// <param name="progress"><inheritdoc cref="Open"/></param>
    public static RecoveryReport Inspect(IJournalStorage storage, JournalOptions options, IRecordVisitor? visitor = null, Func<ReplayStart>? start = null, RecoveryProgress? progress = null)
    {
        OptionChecks.Demand(options);
        using var held = storage.Lock(FileNames.Lock);
        (options, visitor) = Begin(options, visitor, start);
        return new JournalRecovery(storage, options, visitor, progress).Run(wantDirectories: false);
    }

    /// <summary>The shard that a directory says it belongs to, for whoever inspects it without knowing; changes nothing.</summary>
    /// <returns>What the first readable segment header names, else the epoch file; null when neither is there.</returns>
    public static unsafe Guid? ReadShardId(IJournalStorage storage)
    {
        var header = stackalloc byte[SegmentHeader.Size];
        foreach (var name in storage.List().Order(StringComparer.Ordinal))
        {
            if (!FileNames.TryParseSegment(name, out _))
                continue;
            using var file = storage.Open(name, JournalFileMode.Read);
            if (SegmentHeader.ShardOf(header, file.Read(0, header, SegmentHeader.Size)) is { } shard)
                return shard;
        }
        return EpochFile.Read(storage)?.Shard;
    }

    /// <summary>Closes the buffer's records into one run and makes them durable. When this returns, they are.</summary>
    /// <param name="group">At least one record; sequences go on from <see cref="LastSequence"/>, epochs are <see cref="Epoch"/>, stamps do not go back.
    /// The buffer may be reused as soon as this returns.</param>
    /// <exception cref="JournalFullException">No prepared segment has room; nothing has been written.</exception>
    /// <exception cref="JournalIoException">The journal is fenced; whether the group is on disk is unknown.</exception>
    public void Commit(GroupBuffer group)
    {
        Invariant.That(!_follows);
        _committer.CommitRun(group);
    }

    /// <summary>Makes whole runs durable that another copy has committed, as they are: checksums, epochs and run ends included.</summary>
    /// <param name="chainAfter">The chain's value behind the last run on the copy they came from.</param>
    /// <exception cref="JournalDivergedException">The records are damaged, do not follow, or lead to another value; nothing has been written.</exception>
    /// <exception cref="JournalFullException"><inheritdoc cref="Commit"/></exception>
    /// <exception cref="JournalIoException"><inheritdoc cref="Commit"/></exception>
    public void CommitReceived(GroupBuffer group, ChainValue chainAfter)
    {
        Invariant.That(_follows);
        _committer.CommitReceived(group, chainAfter);
    }

    /// <summary>Lets readers see records up to a sequence: enough copies hold them. Any one thread at a time; never goes back.</summary>
    public void Show(ulong sequence)
    {
        if (_shown is { } shown && sequence > shown.Sequence)
            shown.Sequence = sequence;
    }

    /// <summary>From now on this copy writes itself, in an epoch of its own, which is durable on return. A follower's journal only, on the committer's thread, once.</summary>
    /// <param name="epoch">Higher than every epoch that was ever used or promised.</param>
    /// <exception cref="JournalIoException">The epoch may be durable or not; nothing else has changed.</exception>
    public void Lead(ulong epoch)
    {
        var known = EpochFile.Read(_storage)?.Epoch ?? 0;
        Invariant.That(_follows && epoch > known && epoch > _committer.Epoch);
        EpochFile.Raise(_storage, _options.ShardId, epoch, known);
        _committer.Lead(epoch);
        Volatile.Write(ref _epoch, epoch);
        _follows = false;
    }

    /// <summary>Writes an empty group once nothing has been committed for <see cref="JournalOptions.SealAfterMilliseconds"/>, so that the last
    /// group is attested. Call it when idle, as often as you like.</summary>
    /// <param name="nowMonotonicMilliseconds">Any clock that does not go back.</param>
    public void SealIfIdle(long nowMonotonicMilliseconds) => _committer.SealIfIdle(nowMonotonicMilliseconds);

    /// <summary>Prepares segments, finishes sealed ones and builds indexes until there is nothing to do. Only without own threads.</summary>
    public void RunMaintenance()
    {
        Invariant.That(_threads is null);
        while (_sealer.Step() || _preparer.Step() || _shelf.BuildNext() || _keys?.Keep() == true || _keys?.Merge() == true)
        {
            // Each call does one piece.
        }
    }

    /// <summary>Attests the last group, stops the threads, closes the files and gives the directory back. Readers and cursors are dead afterwards.</summary>
    public void Dispose()
    {
        _threads?.Dispose();
        _committer.Dispose();
        _sealer.Dispose();
        if (_committer.Fence is null)
            _preparer.Trim();
        _preparer.Dispose();
        _keys?.Dispose();
        _shelf.Dispose();
        _maps.Dispose();
        _recent?.Dispose();
        _lock.Dispose();
    }

    private static (JournalOptions, IRecordVisitor?) Begin(JournalOptions options, IRecordVisitor? visitor, Func<ReplayStart>? start)
    {
        if (start is null)
            return (options, visitor);
        var begin = start();
        return (options.From(begin.After), begin.Visitor);
    }

    private static void Tell(RecoveryReport report, Action<OperatorNote>? log)
    {
        if (log is null)
            return;
        log(JournalNotes.Opened($"journal: recovery case {report.Letter}, {report.Explanation} Epoch {report.Epoch}, {report.VisitedRecords} records replayed in {report.ReplayMilliseconds:F0} ms."));
        if (report.CutBytes != 0)
            log(JournalNotes.TailCut($"journal: cut {report.CutBytes} bytes of an unfinished group; they are in {report.QuarantineFile}."));
        foreach (var note in report.Notes)
            log(JournalNotes.Found($"journal: {note}"));
    }
}
