using System.Runtime.CompilerServices;
using PhoenixCore.Journal;
using PhoenixCore.Journal.Metering;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Metering;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Shard.Loops;

/// <summary>The one writer: takes commands in order, stamps, decides, applies, encodes. A step machine; a thread or a simulation drives it.</summary>
/// <remarks>Two threads take turns in driving it: whoever calls <see cref="Step"/> holds <see cref="Seat"/>.</remarks>
internal sealed unsafe class SequencerLoop : IWorkSource
{
    private const int DrainMax = 256;

    /// <summary>How many commands lie between two looks ahead: enough to hide a miss, few enough to stay in the cache.</summary>
    private const int Ahead = 16;

    /// <summary>The same for the two looks at policies, which lie between lots and decision.</summary>
    private const int PolicyLag = 5;
    private const int CommandsAhead = 8;
    private const int SweepFactsMax = 32;
    private const int SweepSteps = 64;
    private const int RecordLayout = 1;

    /// <summary>Commands that are worth waking for while a group is being synced: what is decided meanwhile waits for the next one anyway.</summary>
    private const int WorthWaking = 64;

    private readonly LedgerCore _ledger;
    private readonly Journal.Journal _journal;
    private readonly CommandRing<Command> _ring;
    private readonly GroupQueue _groups;
    private readonly HandoverRing<Completion> _completions;
    private readonly ShardCursors _cursors;
    private readonly StampSource _stamps;
    private readonly IWaitStrategy _answeringWait;
    private readonly int _worthWaking;
    private readonly SnapshotGate _snapshots;
    private readonly ShardMeters _meters;
    private readonly IShardReplication? _replication;
    private volatile FollowerApply? _follower;
    private readonly Lookahead[] _ahead = new Lookahead[DrainMax];
    private readonly Completion[] _ready = new Completion[DrainMax];
    private int _readyCount;
    private ulong _enqueued;
    private long _stamp;
    private long _drainBegun;
    private long _groupBegun;
    private bool _owesEpoch;
    private volatile bool _isPatient;

    public SequencerLoop(
        LedgerCore ledger, Journal.Journal journal, CommandRing<Command> ring, GroupQueue groups, HandoverRing<Completion> completions, ShardCursors cursors, StampSource stamps, IWaitStrategy answeringWait, SnapshotGate snapshots,
        ShardMeters meters, IShardReplication? replication = null)
    {
        (_replication, _follower) = (replication, replication is null ? null : new FollowerApply(journal.Durable, ledger, cursors));
        _ledger = ledger;
        _journal = journal;
        _ring = ring;
        _groups = groups;
        _completions = completions;
        _cursors = cursors;
        _stamps = stamps;
        _answeringWait = answeringWait;
        _snapshots = snapshots;
        _meters = meters;
        _stamp = ledger.Stamp;
        _worthWaking = Math.Min(WorthWaking, ring.Capacity / 2);
    }

    /// <summary>Held by the thread that drives this loop.</summary>
    public WriterSeat Seat { get; } = new();

    /// <summary>A command that a free group could take, or a group that the committer could. While the committer is busy, only many commands count.
    /// Asked outside the seat too: whoever leaves it after a change asks again and signals.</summary>
    public bool HasWork
    {
        get
        {
            if (_snapshots.IsAsked(_ledger.Sequence) || _follower is { HasWork: true }) return true;
            if (_groups.Open is not { } open) return false;
            if (!_groups.IsCommitterIdle) return _ring.Published(_worthWaking) == _worthWaking && HasRoomForAnswers;
            return _isPatient || open.Count > 0 || (_ring.Published(1) > 0 && HasRoomForAnswers);
        }
    }

    private bool HasRoomForAnswers => _enqueued - _cursors.Answered < (uint)_completions.Capacity;

    /// <summary>Sleeps until there is something to do; in the seat, and leaves it.</summary>
    public void Wait(IWaitStrategy wait, int microsecondsMax)
    {
        Rest();
        Seat.Leave();
        wait.Wait(this, microsecondsMax);
    }

    /// <summary>The committer, whenever a group is durable: decides what came meanwhile itself if the sequencer's thread sleeps, because two threads that
    /// wake each other need longer than a small group takes to decide.</summary>
    /// <param name="wait">Where the sequencer's thread sleeps.</param>
    public void StandIn(IWaitStrategy wait)
    {
        if (Seat.TryTake())
        {
            Decide(); // first what came, then the group: nobody writes it meanwhile
            Rest();
            Seat.Leave();
            if (!HasWork) return;
        }

        wait.Signal();
    }

    /// <summary>Says from how many commands on somebody has to come back. A group under way ends the rest too, when it is durable.</summary>
    private void Rest()
    {
        var isPatient = !_groups.IsCommitterIdle;
        _ring.WakeFrom(isPatient ? _worthWaking : 1);
        _isPatient = isPatient;
    }

    /// <summary>True while the disk has to prepare room first: waiting for the ring would spin.</summary>
    public bool IsHeldUp { get; private set; }

    /// <summary>Handles what is there.</summary>
    /// <returns>False when there was nothing to do, or nothing could be done before a group or answers move on.</returns>
    public bool Step()
    {
        if (_snapshots.IsAsked(_ledger.Sequence)) ServeSnapshot();
        var moved = _follower is { } follower ? follower.Step() : HandOver();
        return Decide() || moved;
    }

    /// <summary>In the seat, with every durable record applied: from now on this copy decides, beginning with the first fact of its epoch.</summary>
    /// <returns>That fact's sequence.</returns>
    public ulong Lead(ulong epoch)
    {
        _journal.Lead(epoch);
        _stamp = Math.Max(_stamp, _ledger.Stamp);
        _follower!.Dispose();
        _follower = null;
        _owesEpoch = true;
        return _ledger.Sequence + 1;
    }

    /// <summary>In the seat: applies all that is durable, committed or not, before <see cref="Lead"/>.</summary>
    public void ApplyAll()
    {
        while (_follower!.Step(all: true))
        {
            // Each step applies one group.
        }
    }

    /// <summary>Decides what has come and is due, into the open group, and hands that over when the committer has nothing.</summary>
    /// <returns>False when there was nothing, or no free group.</returns>
    private bool Decide()
    {
        var open = _groups.Open;
        if (open == null) return false;

        var count = Math.Min(_ring.Available(DrainMax), _completions.Capacity - (int)(_enqueued - _cursors.Answered));
        _stamp = Math.Max(_stamp, _stamps.Next());
        var follows = _follower is not null;
        var room = follows ? JournalRoom.Enough : RoomInJournal();
        IsHeldUp = room == JournalRoom.Wait;
        if (_owesEpoch && room == JournalRoom.Enough) StartEpoch(ref open);
        if (count > 0 && room != JournalRoom.Wait) count = Drain(count, open, refuse: Refusal(room));
        else count = 0;
        if (follows) return count > 0;
        var swept = count < DrainMax && room == JournalRoom.Enough && !_stamps.IsSuspect && Sweep();
        HandOver();
        return count > 0 || swept;
    }

    /// <summary>Why nothing that writes can be taken now; Accepted = it can.</summary>
    private LedgerResult Refusal(JournalRoom room)
    {
        if (_follower is not null) return LedgerResult.NotLeader;
        if (_stamps.IsSuspect) return LedgerResult.ClockSuspect;
        return room == JournalRoom.None ? LedgerResult.StorageFull : _replication?.Refusal ?? LedgerResult.Accepted;
    }

    /// <summary>A snapshot begins where a run ends, so that it has a chain value.</summary>
    private void ServeSnapshot()
    {
        if (_groups.Open is { Count: > 0 } open) Seal(open);
        _snapshots.Serve(_ledger);
    }

    /// <summary>Gives a group that has something in it to a committer that has nothing: no timer adds latency to an idle shard.</summary>
    private bool HandOver()
    {
        if (_groups.Open is not { Count: > 0 } open || !_groups.IsCommitterIdle) return false;
        Seal(open);
        return true;
    }

    /// <summary>The next group after one was sealed in the middle of a drain; null: none is free, or the journal may not have room for it.</summary>
    private GroupBuffer? NextGroup() => RoomInJournal() == JournalRoom.Enough ? _groups.Open : null;

    private void Seal(GroupBuffer open)
    {
        if (_snapshots.IsMarkAsked) _snapshots.Serve(_ledger); // before the group leaves: whoever ships it knows of the mark
        _cursors.SetAppended(open.LastSequence);
        _groups.Seal();
        _meters.Append.Observe(Ticks.Now - _groupBegun);
    }

    /// <summary>The commit path never allocates: what may not fit into prepared segments is not sequenced.</summary>
    private JournalRoom RoomInJournal()
    {
        var needed = (_groups.InFlight + 2) * (long)_groups.BytesMax;
        if (_journal.ReadyBytes >= needed) return JournalRoom.Enough;
        return _journal.LastPreparationError == null ? JournalRoom.Wait : JournalRoom.None;
    }

    /// <summary>Between lots and decision: a governed wallet's row, then the list of its policies.</summary>
    private void PrefetchPolicies(long first, int lots, int count)
    {
        var wallet = lots - PolicyLag;
        if (wallet >= 0 && wallet < count) _ledger.PrefetchPolicies(_ring.Slot(first + wallet), _ahead[wallet], isList: false);
        var list = wallet - PolicyLag;
        if (list >= 0 && list < count) _ledger.PrefetchPolicies(_ring.Slot(first + list), _ahead[list], isList: true);
    }

    /// <summary>A rolling pipeline over the published commands: index slots, rows, lots, then the decision.</summary>
    private int Drain(int count, GroupBuffer open, LedgerResult refuse)
    {
        var first = _ring.Next;
        var done = 0;
        _drainBegun = Ticks.Now;
        for (var t = 0; t < count + (3 * Ahead); t++)
        {
            if (t + CommandsAhead < count) LedgerCore.PrefetchCommand(_ring.Slot(first + t + CommandsAhead));
            if (t < count) _ledger.PrefetchIndexes(_ring.Slot(first + t), out _ahead[t]);
            var rows = t - Ahead;
            if (rows >= 0 && rows < count) _ledger.PrefetchRows(_ring.Slot(first + rows), ref _ahead[rows]);
            var lots = t - (2 * Ahead);
            if (lots >= 0 && lots < count) _ledger.PrefetchLots(_ring.Slot(first + lots), _ahead[lots]);
            PrefetchPolicies(first, lots, count);
            if (t < 3 * Ahead) continue;

            var command = _ring.Slot(first + done);
            if (open.Remaining < RecordHeader.Size + LedgerCore.RoomFor(command))
            {
                Seal(open);
                if (NextGroup() is not { } next) break;
                open = next;
            }

            if (!Handle(command, _ahead[done], ref open, refuse)) break;
            done++;
        }

        Measure(first, done);
        _ring.Release(done);
        Publish();
        return done;
    }

    private void Measure(long first, int done)
    {
        if (done == 0) return;
        _meters.Samples.Collect(first, done, _drainBegun, _meters.Queue);
        _meters.Apply.Observe((Ticks.Now - _drainBegun) / done, done);
    }

    /// <returns>False when the command has to wait for a free group; it will be decided again.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Handle(Command* command, in Lookahead ahead, ref GroupBuffer open, LedgerResult refuse)
    {
        var reply = (ReplyBlock*)command->Reply;
        if (refuse != LedgerResult.Accepted && !command->Kind.IsQuestion())
        {
            var refused = new Outcome { Kind = OutcomeKind.Refused, Result = refuse, RefusedIndex = -1 };
            _meters.Count(command->Kind, refused);
            Answer(reply, refused);
            return true;
        }

        while (true)
        {
            var payload = open.Tail + RecordHeader.Size;
            var outcome = _ledger.Decide(command, ahead, _stamp, payload, open.Remaining - RecordHeader.Size);
            if (refuse is LedgerResult.StorageFull or LedgerResult.NotLeader or LedgerResult.NotEnoughReplicas && outcome.FactBytes > 0 && command->Kind != CommandKind.ChangeMembers)
            {
                // Questions too can make facts: of a key to close, of a new epoch, of what is due. Deciding has changed nothing, so there is nothing to undo.
                // A read goes on as of the last fact: what is due stays in its answer until the disk can take its expiry.
                _owesEpoch |= command->Kind == CommandKind.StartEpoch && refuse == LedgerResult.StorageFull;
                outcome = outcome.Kind == OutcomeKind.FactFirst ? Outcome.OfRead : new Outcome { Kind = OutcomeKind.Refused, Result = refuse, RefusedIndex = -1 };
            }

            if (outcome.FactBytes > 0) Append(open, payload, outcome, command->Kind == CommandKind.StartEpoch ? 0 : command->Tenant);
            if (outcome.Kind != OutcomeKind.FactFirst)
            {
                if (outcome.Kind == OutcomeKind.Read) outcome.Result = _ledger.Answer(command, (byte*)reply + ReplyBlock.SizeBytes, reply->Room, out outcome.FactBytes);
                _meters.Count(command->Kind, outcome);
                if (reply != null) Answer(reply, outcome, payload);
                return true;
            }

            if (open.Remaining >= RecordHeader.Size + LedgerCore.RoomFor(command)) continue;
            Seal(open);
            if (NextGroup() is not { } next) return false;
            open = next;
        }
    }

    /// <summary>The first fact of an epoch that found no room when it began.</summary>
    private void StartEpoch(ref GroupBuffer open)
    {
        var command = new Command { Kind = CommandKind.StartEpoch };
        _owesEpoch = !Handle(&command, default, ref open, LedgerResult.Accepted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(GroupBuffer open, byte* payload, in Outcome outcome, uint tenant)
    {
        if (open.Count == 0) _groupBegun = _drainBegun;
        var sequence = _ledger.Sequence + 1;
        var length = RecordHeader.LengthFor(outcome.FactBytes);
        *(RecordHeader*)open.Tail = new RecordHeader
        {
            Length = (uint)length,
            Sequence = sequence,
            Epoch = _journal.Epoch,
            StampedAt = _stamp,
            Kind = (ushort)outcome.FactKind,
            Layout = RecordLayout,
            Tenant = tenant,
        };
        _ledger.Apply(payload, new FactContext(sequence, _stamp, tenant));
        open.Advance(length, sequence);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Answer(ReplyBlock* reply, in Outcome outcome, byte* payload = null)
    {
        reply->Result = outcome.Result;
        reply->Kind = outcome.Kind;
        reply->RefusedIndex = outcome.RefusedIndex;
        reply->Bytes = outcome.FactBytes;
        reply->Sequence = outcome.Kind is OutcomeKind.Duplicate or OutcomeKind.SearchColdKeys ? outcome.OriginalSequence : _ledger.Sequence;
        reply->Stamp = _stamp;
        reply->VisibleAfter = _ledger.Sequence;
        if (outcome.Kind == OutcomeKind.Fact && outcome.FactBytes <= reply->Room)
            Unsafe.CopyBlockUnaligned((byte*)reply + ReplyBlock.SizeBytes, payload, (uint)outcome.FactBytes);
        else if (outcome.DetailBytes > 0) Explain(reply, outcome.DetailBytes, payload);
        if (reply->Waiter == ReplyBlock.NoWaiter) return;
        _ready[_readyCount++] = new Completion { VisibleAfter = _ledger.Sequence, Waiter = reply->Waiter };
    }

    /// <summary>A refusal that no key remembers says why in the form of the fact that a key would have made.</summary>
    private static void Explain(ReplyBlock* reply, int bytes, byte* payload)
    {
        reply->Bytes = bytes <= reply->Room ? bytes : 0;
        Unsafe.CopyBlockUnaligned((byte*)reply + ReplyBlock.SizeBytes, payload, (uint)reply->Bytes);
    }

    private void Publish()
    {
        if (_readyCount == 0) return;
        if (_replication is not null && _follower is null) AwaitConfirmation(_replication);
        if (!_completions.TryEnqueue(_ready.AsSpan(0, _readyCount))) throw new InvariantBrokenException("more answers than the drain made room for");
        _enqueued += (uint)_readyCount;
        _readyCount = 0;
        if (_ledger.Sequence <= _cursors.Committed) _answeringWait.Signal(); // nothing to wait for: reads of an idle shard
    }

    /// <summary>Whoever was deposed without knowing it must not answer from what it remembers: other copies have to say, after this moment, that they still follow.</summary>
    private void AwaitConfirmation(IShardReplication replication)
    {
        var round = replication.NextRound(isUrgent: _ledger.Sequence <= _cursors.Committed); // else records are on their way, and carry it
        for (var i = 0; i < _readyCount; i++) _ready[i].Round = round;
    }

    /// <summary>Expires what is due, in bounded steps; what is left waits for the next step.</summary>
    /// <returns>False when all that is due has been swept: else an idle shard would come back to it only after its sleep, and hours that the clock skipped would take minutes.</returns>
    private bool Sweep()
    {
        var steps = SweepSteps;
        _drainBegun = Ticks.Now;
        for (var facts = 0; facts < SweepFactsMax; facts++)
        {
            if (_groups.Open is not { } open) return true;
            if (open.Remaining < RecordHeader.Size + LedgerLimits.OperationBytesMax)
            {
                Seal(open);
                if (NextGroup() == null) return true;
                continue;
            }

            var payload = open.Tail + RecordHeader.Size;
            if (!_ledger.TryDecideSweep(_stamp, ref steps, payload, open.Remaining - RecordHeader.Size, out var outcome, out var tenant)) return facts > 0 || steps < 0;
            Append(open, payload, outcome, tenant);
        }

        return true;
    }

    private enum JournalRoom
    {
        Enough,

        /// <summary>Segments are being prepared; soon.</summary>
        Wait,

        /// <summary>They cannot be prepared.</summary>
        None,
    }
}
