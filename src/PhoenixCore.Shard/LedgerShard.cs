using System.Runtime.CompilerServices;
using PhoenixCore.Journal;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.Loops;
using PhoenixCore.Shard.Metering;
using PhoenixCore.Shard.Recovery;
using PhoenixCore.Shard.Shadow;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Shard;

/// <summary>A database: one directory, one journal, one writer. Commands go in from any thread; answers come out when they are durable.</summary>
public sealed partial class LedgerShard : IDisposable
{
    private readonly LedgerCore _ledger;
    private readonly Journal.Journal _journal;
    private readonly CommandRing<Command> _ring;
    private readonly GroupQueue _groups;
    private readonly HandoverRing<Completion> _completions;
    private readonly CallPool _calls = new();
    private readonly StampSource _stamps;
    private readonly IShardHost _host;
    private readonly ShardMachines _machines;
    private readonly Action<ShardFault> _onFault;
    private readonly SnapshotGate _gate;
    private readonly bool _answerOnPool;
    private readonly SequencerLoop _sequencer;
    private readonly IWaitStrategy _sequencerWait;
    private readonly IWaitStrategy _answeringWait;
    private readonly IShardReplication? _replication;
    private readonly TaskCompletionSource<ShardFault> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;
    private bool _ended;

    private LedgerShard(IJournalStorage storage, LedgerCore ledger, Journal.Journal journal, ShardOptions options, IClock clock, IShardHost host, Action<ShardFault> onFault, long bytesReplayed, Action<OperatorNote>? log)
    {
        _ledger = ledger;
        _journal = journal;
        _host = host;
        _onFault = onFault;
        _answerOnPool = options.AnswerOnPool;
        _ring = new CommandRing<Command>(options.RingSlots, host.SequencerWait);
        Meters = new ShardMeters(options.RingSlots);
        _groups = new GroupQueue(options.Groups, options.Journal.GroupBytesMax, host.CommitterWait);
        _completions = new HandoverRing<Completion>(options.CompletionSlots);
        _stamps = new StampSource(clock, ledger.Stamp);
        _gate = new SnapshotGate(host.SequencerWait);
        Cursors.SetAppended(ledger.Sequence);
        Cursors.SetCommitted(ledger.Sequence);
        journal.Show(ledger.Sequence);
        journal.Reader.Opener = Texts;
        Facts = new FactReader(journal.Reader);
        ColdKeys = new ColdKeySearch(journal.Reader, Facts, options.Ledger.HotKeys);
        (_replication, _sequencerWait, _answeringWait) = (options.Replication, host.SequencerWait, host.AnsweringWait);
        Snapshots = new SnapshotKeeper(storage, journal, options, _gate, Cursors, ledger.RowsMax, bytesReplayed, host.SnapshotWait, log);
        var sequencer = _sequencer = new SequencerLoop(ledger, journal, _ring, _groups, _completions, Cursors, _stamps, host.AnsweringWait, _gate, Meters, _replication);
        var committer = new CommitterLoop(journal, _groups, Cursors, sequencer, host.SequencerWait, host.AnsweringWait, Meters, _replication);
        var answering = new AnsweringLoop(_completions, Cursors, _calls, host.SequencerWait, Meters, _replication);
        _machines = new ShardMachines(sequencer, committer, answering, Snapshots, _ring, _groups, journal, Meters.Loops);
        if (options.ShadowEveryFacts > 0) Shadow = new ShadowChecker(this, ledger, options.ShadowEveryFacts, log, options.OnShadowMismatch);
    }

    public ShardCursors Cursors { get; } = new();

    /// <summary>Completes when the shard has failed for good.</summary>
    public Task<ShardFault> Fault => _fault.Task;

    /// <summary>What opening found.</summary>
    public required RecoveryReport Recovery { get; init; }

    /// <summary>Longest group, in bytes, with header and padding: nothing that is decided or received in one piece may need more.</summary>
    public int GroupBytesMax => _groups.BytesMax;

    /// <summary>The snapshot that recovery began with; null = it replayed the whole journal.</summary>
    public SnapshotInfo? RecoveredFrom { get; private init; }

    /// <summary>Takes and keeps snapshots.</summary>
    public SnapshotKeeper Snapshots { get; }

    /// <summary>Checks the books behind the writer; null = not asked for.</summary>
    public ShadowChecker? Shadow { get; }

    /// <summary>For tests that damage memory.</summary>
    internal LedgerCore Ledger => _ledger;

    /// <summary>With what facts are made readable.</summary>
    public TextVault Texts { get; } = new();

    /// <summary>Durable facts by sequence; any thread.</summary>
    public FactReader Facts { get; }

    /// <summary>Keys that memory has forgotten.</summary>
    public ColdKeySearch ColdKeys { get; }

    /// <summary>Sequence of the newest key that memory has forgotten, a moment old; 0 = none: no key needs a cold search.</summary>
    public ulong KeysForgottenUpTo => _ledger.KeysForgottenUpTo;

    public JournalReader History => _journal.Reader;

    /// <summary>Share of the ring's slots that are taken, 0 to 1; a moment old.</summary>
    public double RingUsed => (double)_ring.Used / _ring.Capacity;

    /// <summary>Bytes of groups that were written since the start.</summary>
    public long JournalBytes => _journal.WrittenBytes;

    /// <summary>Bytes of groups that prepared segments will hold for certain.</summary>
    public long JournalReadyBytes => _journal.ReadyBytes;

    /// <summary>False while segments cannot be prepared: what would write is refused once the room that is left is used up.</summary>
    public bool CanPrepare => _journal.LastPreparationError == null;

    /// <summary>The wall clock lies too far ahead to be believed: what would write is refused until it returns or <see cref="AcceptClock"/>.</summary>
    public bool IsClockSuspect => _stamps.IsSuspect;

    /// <summary>What its threads count.</summary>
    public ShardMeters Meters { get; }

    /// <summary>What its journal counts.</summary>
    public JournalMeters JournalMeters => _journal.Meters;

    /// <summary>Rows in memory; read without a lock, so a moment old and for metrics only.</summary>
    public LedgerCounts Counts => _ledger.Counts;

    /// <summary>Bytes that sequencer and committer have allocated on the garbage-collected heap since the start; stands still under load.</summary>
    public long LoopAllocations => _host.LoopAllocations;

    /// <summary>Recovers the ledger from the newest sound snapshot and the journal behind it, starts a new epoch in it, and starts the threads.</summary>
    /// <param name="onFault">Called once, on the thread that failed, when the shard can never answer again. The host ends the process with the fault's code.</param>
    /// <exception cref="JournalDamagedException">Acknowledged data is damaged; nothing was changed.</exception>
    public static LedgerShard Open(IJournalStorage storage, ShardOptions options, IClock clock, Action<ShardFault> onFault, Action<OperatorNote>? log = null, OpeningProgress? progress = null) =>
        Open(storage, options, clock, new ShardThreads(), onFault, log, progress);

    /// <summary>The same with another driver of its machines.</summary>
    internal static LedgerShard Open(IJournalStorage storage, ShardOptions options, IClock clock, IShardHost host, Action<ShardFault> onFault, Action<OperatorNote>? log = null, OpeningProgress? progress = null)
    {
        using var recovery = new SnapshotRecovery(storage, options.Journal.ShardId, options.Ledger, progress: progress) { OwnThreads = options.Journal.OwnThreads };
        var replay = new CountingVisitor(options.Replication);
        if (options.Replication is not null) options = options with { Journal = options.Journal with { Follower = true, ShowsCommittedOnly = true } };
        Journal.Journal? journal = null;
        LedgerCore? ledger = null;
        LedgerShard? shard = null;
        try
        {
            journal = Journal.Journal.Open(storage, options.Journal, null, new FactIndexer(), log, () => Begin(recovery, replay, progress), progress?.Journal);
            progress?.Enter(OpeningPhase.Starting);
            foreach (var note in recovery.Notes) log?.Invoke(SnapshotNotes.NotUsed($"snapshot: {note}"));
            if (recovery.Used is { } used) log?.Invoke(SnapshotNotes.Used($"snapshot: case b, replay began behind {used.Name}."));
            ledger = recovery.Take();
            shard = new LedgerShard(storage, ledger, journal, options, clock, host, onFault, replay.Bytes, log)
            {
                Recovery = journal.Recovery with { Notes = [.. recovery.Notes, .. journal.Recovery.Notes] },
                RecoveredFrom = recovery.Used,
            };
            shard.Start();
            progress?.Enter(OpeningPhase.Open);
            return shard;
        }
        catch (JournalDamagedException refusal)
        {
            throw recovery.Explain(refusal);
        }
        catch
        {
            if (shard is not null)
            {
                shard.Dispose();
            }
            else
            {
                journal?.Dispose();
                ledger?.Dispose();
            }

            throw;
        }
    }

    /// <summary>A call to fill in; give it back with <see cref="ShardCall.Return"/> after its answer has been read.</summary>
    public ShardCall Rent() => _calls.Rent();

    /// <summary>Puts the call's command into the ring; completes when its answer is durable.</summary>
    /// <param name="ct">Ends waiting for a place in a full ring (nothing was sent then); afterwards the answer is awaited whatever happens.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe ValueTask SendAsync(ShardCall call, CancellationToken ct)
    {
        call.IsAnsweredOnPool = _answerOnPool;
        if (!_ring.TryClaim(1, out var position)) return SendWhenRoomAsync(call, ct);
        *_ring.Slot(position) = *call.Command;
        Meters.Samples.Note(position, 1);
        _ring.Publish(position, 1);
        return call.Task;
    }

    /// <summary>As <see cref="SendAsync"/>, and answers for keys that memory has forgotten too.</summary>
    public async ValueTask ExecuteAsync(ShardCall call, CancellationToken ct)
    {
        if (KeysForgottenUpTo is > 0 and var forgotten && IsAnsweredByColdKeys(call, forgotten)) return;
        await SendAsync(call, ct).ConfigureAwait(false);
        while (IsColdKey(call, out var needed))
        {
            if (IsAnsweredByColdKeys(call, needed)) return;
            call.Again();
            await SendAsync(call, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Puts a batch of independent commands into the ring; completes when all its answers are durable.</summary>
    public async ValueTask SendAsync(ShardBatch batch, CancellationToken ct)
    {
        await PublishAsync(batch, ct).ConfigureAwait(false);
        await batch.AnsweredAsync().ConfigureAwait(false);
    }

    /// <summary>The first half of <see cref="SendAsync(ShardBatch, CancellationToken)"/>: completes when the whole batch has its places in the ring, so that the next one comes after it.</summary>
    public async ValueTask PublishAsync(ShardBatch batch, CancellationToken ct)
    {
        var call = batch.Call;
        call.IsAnsweredOnPool = true;
        for (var sent = 0; sent < batch.Count;)
        {
            var chunk = Math.Min(batch.Count - sent, Math.Min(ShardBatch.ChunkMax, _ring.Capacity));
            // Once the first chunk is in, giving up would leave a batch half sent: from there on the caller's token no longer counts.
            var first = await _ring.ClaimAsync(chunk, sent == 0 ? ct : CancellationToken.None).ConfigureAwait(false);
            batch.CopyTo(_ring, first, sent, chunk);
            Meters.Samples.Note(first, chunk);
            _ring.Publish(first, chunk);
            sent += chunk;
        }
    }

    /// <summary>The same for a thread of its own: blocks while the ring is full, does not wait for answers (await the batch's call for them).</summary>
    public void Send(ShardBatch batch)
    {
        for (var sent = 0; sent < batch.Count;)
        {
            var chunk = Math.Min(batch.Count - sent, Math.Min(ShardBatch.ChunkMax, _ring.Capacity));
            var first = _ring.ClaimBlocking(chunk, CancellationToken.None);
            batch.CopyTo(_ring, first, sent, chunk);
            Meters.Samples.Note(first, chunk);
            _ring.Publish(first, chunk);
            sent += chunk;
        }
    }

    /// <summary>Believes a wall clock that had jumped ahead (see <see cref="StampSource"/>).</summary>
    public void AcceptClock() => _stamps.Accept();

    /// <summary>Digest of the state; only while nobody sends.</summary>
    public UInt128 Digest() => _ledger.Digest();

    /// <summary>Null when the books hold; only while nobody sends.</summary>
    public string? FindFault() => _ledger.FindFault();

    /// <summary>Answers what was sent, makes it durable, closes the journal. Senders must have stopped.</summary>
    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        Shadow?.Dispose();
        EndSnapshots();
        if (_started) _host.Stop();
        _gate.Dispose();
        _journal.Dispose();
        _ring.Dispose();
        _completions.Dispose();
        _groups.Dispose();
        _ledger.Dispose();
    }

    private void EndSnapshots()
    {
        _host.StopSnapshots();
        Snapshots.Dispose();
    }

    private static ReplayStart Begin(SnapshotRecovery recovery, CountingVisitor replay, OpeningProgress? progress)
    {
        var start = recovery.Begin(replay.Around);
        progress?.Enter(OpeningPhase.Journal);
        return start;
    }

    private static unsafe void SetKind(ShardCall call, CommandKind kind) => call.Command->Kind = kind;

    private static unsafe bool IsColdKey(ShardCall call, out ulong needed)
    {
        needed = call.Reply->Sequence;
        return call.Reply->Kind == OutcomeKind.SearchColdKeys;
    }

    private unsafe bool IsAnsweredByColdKeys(ShardCall call, ulong needed) => call.Command->Has(CommandFlags.HasKey) && ColdKeys.TryAnswer(call.Command, call.Reply, needed);

    private void Start()
    {
        if (_replication is not null)
        {
            Run(); // whoever leads begins the epoch
            Shadow?.Start();
            return;
        }

        // Into the ring before anything is decided: a sweep that came first would put its facts into the epoch in front of its start.
        var call = Rent();
        SetKind(call, CommandKind.StartEpoch);
        var sent = SendAsync(call, CancellationToken.None).AsTask();
        Run();
        _host.Await(sent, _fault.Task);
        if (!sent.IsCompleted) throw new InvalidOperationException("the shard failed while it started", _fault.Task.Result.Reason);
        call.Return();
        Shadow?.Start();
    }

    private void Run()
    {
        _started = true;
        _host.Start(_machines, fault =>
        {
            _onFault(fault);
            _fault.TrySetResult(fault);
        });
    }

    private async ValueTask SendWhenRoomAsync(ShardCall call, CancellationToken ct)
    {
        long position;
        try
        {
            position = await _ring.ClaimAsync(1, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Meters.CountRingFull();
            throw;
        }

        Put(call, position);
        await call.Task.ConfigureAwait(false);
    }

    private unsafe void Put(ShardCall call, long position)
    {
        *_ring.Slot(position) = *call.Command;
        Meters.Samples.Note(position, 1);
        _ring.Publish(position, 1);
    }
}
