using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Replication.State;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Replication;

/// <summary>One copy of a shard: connects its shard with what it has promised, and with its count when it leads. No threads and no sockets of its own; any thread.</summary>
/// <param name="file">What the copy keeps.</param>
/// <param name="address">Where others find it; empty = not said.</param>
/// <param name="lossAfter">As of <see cref="Leader"/>.</param>
public sealed class Node(ReplicaFile file, Durability durability, ICoordinator coordinator, IClock clock, string address, TimeSpan lossAfter) : IShardReplication, IDisposable
{
    private readonly Lock _lock = new();
    private ulong _committedAtStart = file.State.Committed;
    private readonly ReplicaFile _file = file;
    private LedgerShard? _shard;
    private ShardLog? _log;
    private Replica? _replica;
    private volatile Leader? _leader;
    private volatile bool _isShort;
    private volatile bool _refusesWhenShort;

    /// <summary>Something has to be sent to the other copies soon: records, or a question. May be called on the shard's threads: must neither block nor throw.</summary>
    public Action? Wake { get; set; }

    /// <summary>Another copy has promised a higher epoch to somebody else: the process has to end, and start as a follower. Called once.</summary>
    public Action<ulong>? Deposed { get; set; }

    /// <summary>The level of acknowledgement.</summary>
    public Durability Durability => durability;

    /// <summary>Where others find it.</summary>
    public string Address => address;

    /// <summary>What the copy keeps.</summary>
    public ReplicaState State => _file.State;

    /// <summary>Its count; null = it does not lead.</summary>
    public Leader? Leader => _leader;

    /// <summary>The shard, once it is open.</summary>
    public LedgerShard Shard => _shard ?? throw new InvalidOperationException("the shard is not open yet");

    /// <summary>Where the leader is, as far as this copy knows; empty = it does not.</summary>
    public string LeaderAddress => _leader is not null ? address : State.LeaderAddress.Length > 0 && State.PromisedTo != State.Incarnation ? State.LeaderAddress : coordinator.LeaderAddress ?? "";

    /// <summary>What it does now.</summary>
    public NodeRole Role => _leader is not null ? NodeRole.Leader : coordinator.LeaderAddress is null ? NodeRole.Gathering : State.Members.Has(State.Incarnation) ? NodeRole.Follower : NodeRole.Learner;

    /// <inheritdoc/>
    ulong IShardReplication.Committed => _committedAtStart;

    /// <inheritdoc/>
    public ulong ConfirmedRound => _leader?.ConfirmedRound ?? ulong.MaxValue;

    /// <inheritdoc/>
    public LedgerResult Refusal => _isShort && _refusesWhenShort ? LedgerResult.NotEnoughReplicas : LedgerResult.Accepted;

    /// <summary>Too few copies are there.</summary>
    public bool IsShort => _isShort;

    /// <inheritdoc/>
    public ulong NextRound(bool isUrgent)
    {
        if (_leader is not { } leader) return 0;
        if (isUrgent && leader.Durability != Durability.Local) Wake?.Invoke();
        return leader.Round + 1;
    }

    /// <inheritdoc/>
    public void OnDurable(ulong sequence)
    {
        _shard!.SetCommitted(_leader!.OnDurable(sequence));
        Wake?.Invoke();
    }

    /// <inheritdoc/>
    public void OnReplayedRun(in RecordHeader first)
    {
        if (first.Epoch > (_file.State.Epochs.Count == 0 ? 0 : _file.State.Epochs[^1].Epoch)) _file.Save(_file.State with { Epochs = [.. _file.State.Epochs, new EpochStart(first.Epoch, first.Sequence)] });
    }

    /// <inheritdoc/>
    public void OnReplayedMembers(in MembersChangedBody members, ulong sequence)
    {
        if (sequence > _file.State.Members.Sequence)
            _file.Save(_file.State with { Members = new MemberList(MembersFact.Voters(members), MembersFact.AcceptsSingleCopy(members), sequence), MembersBefore = _file.State.Members });
    }

    /// <summary>The shard is open, as a follower.</summary>
    public void Attach(LedgerShard shard, Guid shardId)
    {
        lock (_lock)
        {
            (_shard, _log) = (shard, new ShardLog(shard));
            _replica = new Replica(_file, _log, shardId);
            Learn(_replica);
        }
    }

    /// <summary>The shard has to be closed, to be cut and opened again.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            KeepHint();
            _log?.Dispose();
            _committedAtStart = State.Committed;
            (_shard, _log, _replica) = (null, null, null);
        }
    }

    /// <summary>From now on what writes is refused while too few copies are there. Before, the server makes what it needs itself.</summary>
    public void RefuseWhenShort() => _refusesWhenShort = true;

    /// <summary>Now and then: looks at the clock, and keeps the hint.</summary>
    /// <param name="keepHint">Costs a sync.</param>
    public void Tick(bool keepHint)
    {
        if (_leader is { } leader) _isShort = leader.IsShort(clock.BootNanoseconds);
        if (!keepHint) return;
        lock (_lock) KeepHint();
    }

    /// <inheritdoc cref="Replica.Hello"/>
    public Hello Hello()
    {
        lock (_lock) return _replica!.Hello(address);
    }

    /// <inheritdoc cref="Replica.OnFence"/>
    public FenceAnswer OnFence(ulong epoch, Guid leader, string leaderAddress)
    {
        FenceAnswer answer;
        lock (_lock) answer = _replica!.OnFence(epoch, leader, leaderAddress);
        if (answer.IsGranted && _leader is { } own) Depose(own, epoch);
        return answer;
    }

    /// <inheritdoc cref="Replica.OnWelcome"/>
    public WelcomeAnswer OnWelcome(Welcome welcome)
    {
        lock (_lock)
        {
            if (_leader is not null) return WelcomeAnswer.Stale;
            var answer = _replica!.OnWelcome(welcome);
            Learn(_replica);
            return answer;
        }
    }

    /// <inheritdoc cref="Replica.OnBase"/>
    public bool OnBase(Welcome welcome, ulong sequence)
    {
        lock (_lock) return _leader is null && _replica!.OnBase(welcome, sequence);
    }

    /// <summary>The journal begins anew at a later state, which is committed. Only while the shard is closed.</summary>
    /// <param name="epochs">Those that began up to there.</param>
    /// <param name="members">Who had a vote there.</param>
    public void Rebase(Guid timeline, ulong sequence, IReadOnlyList<EpochStart> epochs, MemberList members)
    {
        lock (_lock)
        {
            if (_shard is not null) throw new InvalidOperationException("the shard is open");
            _file.Save(State with { Timeline = timeline, Committed = sequence, Epochs = epochs, Members = members, MembersBefore = MemberList.None });
            _committedAtStart = sequence;
        }
    }

    /// <inheritdoc cref="Replica.OnAppend"/>
    public AppendAnswer OnAppend(ulong epoch, Guid leader, JournalPosition before, ReadOnlySpan<byte> records, int count, ChainValue chainAfter, ulong committed)
    {
        lock (_lock)
        {
            if (_leader is not null) return AppendAnswer.Stale;
            var answer = _replica!.OnAppend(epoch, leader, before, records, count, chainAfter, committed);
            Learn(_replica);
            return answer;
        }
    }

    /// <inheritdoc cref="Replica.OnHeartbeat"/>
    public bool OnHeartbeat(ulong epoch, Guid leader, ulong committed)
    {
        lock (_lock)
        {
            if (_leader is not null || !_replica!.OnHeartbeat(epoch, leader, committed)) return false;
            Learn(_replica);
            _shard!.SealIfIdle();
            return true;
        }
    }

    /// <summary>A copy has come to this leader.</summary>
    /// <returns>How it is taken in; null = this copy does not lead.</returns>
    public Welcome? OnHello(Hello hello)
    {
        if (_leader is not { } leader) return null;
        if (hello.Promised > leader.Epoch)
        {
            Depose(leader, hello.Promised);
            return null;
        }

        lock (_lock)
        {
            var agreement = hello.End.Sequence == 0 ? 0 : EpochTable.Agreement(new EpochTable(hello.Epochs), hello.End.Sequence, new EpochTable(State.Epochs), Shard.Durable.LastSequence);
            leader.Connected(hello.Incarnation, hello.Address, agreement, clock.BootNanoseconds);
            return new Welcome(State.Timeline, leader.Epoch, State.Incarnation, agreement, leader.Committed, address);
        }
    }

    /// <summary>A copy acknowledges.</summary>
    public void OnAck(Guid follower, ulong epoch, ulong sequence, ulong round)
    {
        if (_leader is not { } leader || epoch != leader.Epoch) return;
        _shard!.SetCommitted(leader.OnAck(follower, sequence, round, clock.BootNanoseconds));
        _shard.Confirmed();
    }

    /// <summary>A copy has promised a higher epoch to another.</summary>
    public void OnStale(ulong promised)
    {
        if (_leader is { } leader && promised > leader.Epoch) Depose(leader, promised);
    }

    /// <summary>An epoch for this copy to lead in, promised by itself.</summary>
    /// <param name="known">The highest that others are known to have promised.</param>
    public ulong PromiseItself(ulong known)
    {
        lock (_lock) return _replica!.PromiseItself(Math.Max(known, coordinator.EpochFloor), address);
    }

    /// <summary>Decides from here on, in an epoch that enough copies have promised. Whoever received must have stopped.</summary>
    /// <param name="isAlone">An operator has accepted that there is this copy alone.</param>
    /// <returns>Sequence of the epoch's first fact.</returns>
    public ulong Lead(ulong epoch, bool isAlone)
    {
        lock (_lock)
        {
            var replica = _replica!;
            return Shard.Lead(epoch, first =>
            {
                var leader = new Leader(State.Incarnation, durability, epoch, first, first - 1, State.Members, (long)lossAfter.TotalMilliseconds * 1_000_000);
                if (isAlone) leader.Propose([State.Incarnation], isForced: true);
                replica.NoteEpoch(epoch, first);
                _leader = leader;
            });
        }
    }

    /// <summary>Changes who has a vote; returns when that is committed.</summary>
    /// <returns>False when another change is under way.</returns>
    public async Task<bool> ChangeMembersAsync(IReadOnlyList<Guid> voters, bool singleCopyAccepted)
    {
        var leader = _leader ?? throw new InvalidOperationException("this copy does not lead");
        if (!leader.Propose(voters, isForced: singleCopyAccepted)) return false;
        var members = MembersFact.Make(voters, singleCopyAccepted);
        var sequence = await Shard.ChangeMembersAsync(members).ConfigureAwait(false);
        lock (_lock) _replica!.NoteMembers(members, sequence);
        leader.Changed(State.Members);
        Shard.SetCommitted(leader.Committed);
        Tick(keepHint: false);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Detach();

    /// <summary>A leader's copy knows what is committed from the leader's count.</summary>
    private void KeepHint()
    {
        if (_leader is { } leading) _replica?.OnCommitted(leading.Committed);
        _replica?.KeepHint();
    }

    private void Learn(Replica replica) => _shard!.SetCommitted(replica.Committed);

    private void Depose(Leader leader, ulong promised)
    {
        if (leader.DeposedBy != 0) return;
        leader.OnStale(promised);
        Deposed?.Invoke(promised);
    }
}
