using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Replication.State;
using PhoenixCore.Shard;

namespace PhoenixCore.Replication;

/// <summary>A copy's side of the protocol: what it promises, takes, refuses and cuts. A step machine without threads or sockets; one thread.</summary>
/// <remarks>Every answer is given after what it says is durable. An exception means that the copy has to end: nothing was answered.</remarks>
public sealed class Replica
{
    private readonly ReplicaFile _file;
    private readonly IReplicaLog _log;
    private readonly EpochTable _epochs;
    private ulong _committed;

    /// <param name="shard">Empty = not known yet.</param>
    public Replica(ReplicaFile file, IReplicaLog log, Guid shard)
    {
        (_file, _log, Shard) = (file, log, shard);
        _epochs = new EpochTable(file.State.Epochs);
        _committed = file.State.Committed;
        ForgetBehind(log.End.Sequence);
    }

    /// <summary>Whose history it holds.</summary>
    public Guid Shard { get; }

    /// <summary>What it keeps.</summary>
    public ReplicaState State => _file.State;

    /// <summary>So much is committed, as far as this copy knows, and durable here; never falls.</summary>
    public ulong Committed => Math.Min(Volatile.Read(ref _committed), _log.End.Sequence);

    /// <summary>The epoch of its last record; 0 = it has none.</summary>
    public ulong LastEpoch => _epochs.Last;

    /// <summary>The first message to a leader.</summary>
    public Hello Hello(string address) => new(Shard, State.Incarnation, State.Timeline, State.Promised, State.PromisedTo, _log.End, [.. _epochs.Starts], Committed, address);

    /// <summary>A leader to be asks that lower epochs be refused from now on. An equal epoch is refused too, whoever asks: it may be in use.</summary>
    public FenceAnswer OnFence(ulong epoch, Guid leader, string address)
    {
        var isGranted = epoch > State.Promised;
        if (isGranted) Promise(epoch, leader, address);
        return new FenceAnswer(isGranted, State.Promised, _epochs.Last, _log.End.Sequence, State.Incarnation, State.Timeline);
    }

    /// <summary>A leader takes the copy in.</summary>
    /// <exception cref="ReplicaBrokenException">The leader does not have what this copy knows to be committed.</exception>
    public WelcomeAnswer OnWelcome(Welcome welcome)
    {
        if (!Accepts(welcome.Epoch, welcome.Leader)) return WelcomeAnswer.Stale;
        if (welcome.Timeline != State.Timeline)
        {
            if (_log.End.Sequence != 0) return WelcomeAnswer.OtherTimeline;
            _file.Save(State with { Timeline = welcome.Timeline });
        }

        if (welcome.Agreement < Committed)
            throw new ReplicaBrokenException($"the leader of epoch {welcome.Epoch} shares records up to {welcome.Agreement}, and {Committed} is committed here: nothing was cut");
        Promise(welcome.Epoch, welcome.Leader, welcome.Address);
        if (welcome.Agreement < _log.End.Sequence) return WelcomeAnswer.MustCut;
        OnCommitted(welcome.Committed);
        return WelcomeAnswer.Follows;
    }

    /// <summary>A leader no longer has the records that this copy lacks, and wants to send a later state in their place.</summary>
    /// <param name="sequence">Of that state; it is committed.</param>
    /// <returns>False: a higher epoch was promised, or it is of another history, or not later than what is here.</returns>
    /// <exception cref="ReplicaBrokenException">The leader does not have what this copy knows to be committed.</exception>
    public bool OnBase(Welcome welcome, ulong sequence)
    {
        if (!Accepts(welcome.Epoch, welcome.Leader) || sequence <= _log.End.Sequence) return false;
        if (welcome.Timeline != State.Timeline && _log.End.Sequence != 0) return false;
        if (welcome.Agreement < Committed)
            throw new ReplicaBrokenException($"the leader of epoch {welcome.Epoch} shares records up to {welcome.Agreement}, and {Committed} is committed here: nothing was replaced");
        Promise(welcome.Epoch, welcome.Leader, welcome.Address);
        return true;
    }

    /// <summary>One run of a leader's records.</summary>
    /// <param name="records">Whole records, the last of which ends the run.</param>
    /// <param name="before">Where the leader's journal stood in front of them.</param>
    /// <exception cref="JournalDivergedException">They are damaged or of another history; nothing was written.</exception>
    public AppendAnswer OnAppend(ulong epoch, Guid leader, JournalPosition before, ReadOnlySpan<byte> records, int count, ChainValue chainAfter, ulong committed)
    {
        if (!Accepts(epoch, leader)) return AppendAnswer.Stale;
        if (epoch != State.Promised) Promise(epoch, leader, State.LeaderAddress);
        if (before != _log.End) return AppendAnswer.Mismatch;
        _log.Append(records, count, before.Sequence + 1, chainAfter);
        NoteWhatTheySay(records);
        OnCommitted(committed);
        return AppendAnswer.Taken;
    }

    /// <summary>Nothing new, but how far the leader is.</summary>
    /// <returns>False when a higher epoch was promised.</returns>
    public bool OnHeartbeat(ulong epoch, Guid leader, ulong committed)
    {
        if (!Accepts(epoch, leader)) return false;
        OnCommitted(committed);
        return true;
    }

    /// <summary>This copy becomes the leader of an epoch: its own promise first.</summary>
    /// <returns>The epoch, higher than any that was promised or used here and than the floor.</returns>
    public ulong PromiseItself(ulong floor, string address)
    {
        var epoch = Math.Max(floor, Math.Max(State.Promised, _epochs.Last)) + 1;
        Promise(epoch, State.Incarnation, address);
        return epoch;
    }

    /// <summary>As a leader: a record of its own has begun an epoch, or somebody else's was replayed.</summary>
    public void NoteEpoch(ulong epoch, ulong sequence)
    {
        if (_epochs.Note(epoch, sequence)) _file.Save(State with { Epochs = [.. _epochs.Starts] });
    }

    /// <summary>A fact about who has a vote, with its sequence; older ones than what is known change nothing.</summary>
    public void NoteMembers(in MembersChangedBody body, ulong sequence)
    {
        if (sequence <= State.Members.Sequence) return;
        _file.Save(State with { Members = new MemberList(MembersFact.Voters(body), MembersFact.AcceptsSingleCopy(body), sequence), MembersBefore = State.Members });
    }

    /// <summary>Writes down how much is committed, for the next start: now and then, and at the end.</summary>
    public void KeepHint()
    {
        if (Committed > State.Committed) _file.Save(State with { Committed = Committed });
    }

    /// <summary>What is committed, from the leader's own count when this copy leads.</summary>
    public void OnCommitted(ulong committed)
    {
        if (committed > _committed) Volatile.Write(ref _committed, committed);
    }

    /// <summary>The leader's table and end, for those who come to it.</summary>
    public ulong AgreementWith(Hello hello) => EpochTable.Agreement(new EpochTable(hello.Epochs), hello.End.Sequence, _epochs, _log.End.Sequence);

    private bool Accepts(ulong epoch, Guid leader) => epoch > State.Promised || (epoch == State.Promised && leader == State.PromisedTo);

    private void Promise(ulong epoch, Guid leader, string address)
    {
        if (epoch != State.Promised || leader != State.PromisedTo || address != State.LeaderAddress) _file.Save(State with { Promised = epoch, PromisedTo = leader, LeaderAddress = address });
    }

    /// <summary>Only of records that have proven to be what the leader wrote. A crash in between loses nothing: they are replayed at the start, and noted then.</summary>
    private unsafe void NoteWhatTheySay(ReadOnlySpan<byte> records)
    {
        fixed (byte* start = records)
        {
            for (var at = 0; at < records.Length;)
            {
                var header = (RecordHeader*)(start + at);
                if (header->Epoch > _epochs.Last) NoteEpoch(header->Epoch, header->Sequence);
                if (MembersFact.Is(*header)) NoteMembers(MembersFact.Read((byte*)header + RecordHeader.Size), header->Sequence);
                at += (int)header->Length;
            }
        }
    }

    /// <summary>The journal ends here: what the state knows of records behind it was never written, or has been cut.</summary>
    private void ForgetBehind(ulong last)
    {
        var state = State;
        if (_epochs.CutBehind(last)) state = state with { Epochs = [.. _epochs.Starts] };
        if (state.Members.Sequence > last) state = state with { Members = state.MembersBefore, MembersBefore = MemberList.None };
        if (state != State) _file.Save(state);
    }
}
