using PhoenixCore.Replication.State;
using PhoenixCore.Shard;

namespace PhoenixCore.Replication;

/// <summary>The leader's count in one epoch: what enough voters hold, and which rounds they have confirmed. A step machine; any thread.</summary>
/// <param name="self">The leading copy.</param>
/// <param name="epoch">Its own.</param>
/// <param name="first">Sequence of the epoch's first record. Older ones are committed with it, never before: another leader may have cut them.</param>
/// <param name="durable">What the leader holds already.</param>
/// <param name="lossAfter">Nanoseconds without a word from a quorum, after which nothing more is taken.</param>
public sealed class Leader(Guid self, Durability durability, ulong epoch, ulong first, ulong durable, MemberList members, long lossAfter)
{
    private readonly Lock _lock = new();
    private readonly Guid[] _alone = [self];
    private readonly Dictionary<Guid, Standing> _others = [];
    private MemberList _members = members;
    private IReadOnlyList<Guid>? _wanted;
    private bool _isForced;
    private ulong _durable = durable;
    private ulong _committed;
    private ulong _round;
    private ulong _confirmed;
    private ulong _deposedBy;

    /// <summary>Of what it writes.</summary>
    public ulong Epoch => epoch;

    /// <summary>Sequence of its first record.</summary>
    public ulong First => first;

    /// <summary>The level.</summary>
    public Durability Durability => durability;

    /// <summary>What enough voters hold; 0 until the epoch's first record is among it.</summary>
    public ulong Committed => Volatile.Read(ref _committed);

    /// <summary>The last round that a quorum has confirmed; without other copies to ask there is nothing to confirm.</summary>
    public ulong ConfirmedRound => durability == Durability.Local ? ulong.MaxValue : Volatile.Read(ref _confirmed);

    /// <summary>The last round that was sent.</summary>
    public ulong Round => Volatile.Read(ref _round);

    /// <summary>The higher epoch that a copy has promised to another; 0 = none: it leads.</summary>
    public ulong DeposedBy => Volatile.Read(ref _deposedBy);

    /// <summary>Who has a vote now.</summary>
    public MemberList Members
    {
        get
        {
            lock (_lock) return _members;
        }
    }

    /// <summary>Voters that must hold a record.</summary>
    public int QuorumSize
    {
        get
        {
            lock (_lock) return Quorum.Size(VotersOf(_members.Voters).Count, durability);
        }
    }

    /// <summary>The other copies that have come.</summary>
    public IReadOnlyList<FollowerView> Followers
    {
        get
        {
            lock (_lock) return [.. _others.Select(pair => new FollowerView(pair.Key, pair.Value.Address, _members.Has(pair.Key), pair.Value.Streams > 0, pair.Value.Durable, pair.Value.HeardAt))];
        }
    }

    /// <summary>Too few copies for what is asked: an operator has not accepted that there is one alone, or a quorum has been silent for too long.</summary>
    /// <param name="now">Boot clock, nanoseconds.</param>
    public bool IsShort(long now) => IsShort(now, lossAfter);

    /// <inheritdoc cref="IsShort(long)"/>
    /// <param name="within">Nanoseconds since a voter's last word.</param>
    public bool IsShort(long now, long within)
    {
        if (durability == Durability.Local) return false;
        lock (_lock)
        {
            var voters = VotersOf(_members.Voters);
            if (voters.Count < 2 && !_members.SingleCopyAccepted) return true;
            return voters.Count(voter => voter == self || (_others.TryGetValue(voter, out var other) && now - other.HeardAt <= within)) < Quorum.Size(voters.Count, durability);
        }
    }

    /// <summary>A message is about to leave: what it confirms is counted by this number.</summary>
    public ulong NextRound() => Interlocked.Increment(ref _round);

    /// <summary>A copy's stream has begun.</summary>
    public void Connected(Guid follower, string address, ulong holds, long now)
    {
        lock (_lock)
        {
            if (!_others.TryGetValue(follower, out var other)) _others[follower] = other = new Standing();
            (other.Address, other.HeardAt) = (address, now);
            other.Streams++;
            other.Durable = Math.Max(other.Durable, Math.Min(holds, first - 1));
            Count();
        }
    }

    /// <summary>A copy's stream has ended.</summary>
    public void Disconnected(Guid follower)
    {
        lock (_lock)
        {
            if (_others.TryGetValue(follower, out var other)) other.Streams--;
        }
    }

    /// <summary>The leader's own disk holds records up to here.</summary>
    /// <returns>What is committed.</returns>
    public ulong OnDurable(ulong sequence)
    {
        lock (_lock)
        {
            _durable = Math.Max(_durable, sequence);
            return Count();
        }
    }

    /// <summary>A copy's disk holds records up to here, and it answers a message of that round, under this epoch.</summary>
    /// <returns>What is committed.</returns>
    public ulong OnAck(Guid follower, ulong sequence, ulong round, long now)
    {
        lock (_lock)
        {
            if (!_others.TryGetValue(follower, out var other)) return _committed;
            other.Durable = Math.Max(other.Durable, sequence);
            other.Round = Math.Max(other.Round, round);
            other.HeardAt = now;
            return Count();
        }
    }

    /// <summary>A copy has promised a higher epoch: this one is over. Nothing is committed or confirmed from here on.</summary>
    public void OnStale(ulong promised)
    {
        lock (_lock)
        {
            if (promised > epoch && promised > _deposedBy) Volatile.Write(ref _deposedBy, promised);
        }
    }

    /// <summary>Other voters are wanted: until the fact that says so is committed, both the old and the new ones have to hold what is committed.</summary>
    /// <param name="isForced">An operator says that the old ones are gone for good: the new ones alone count.</param>
    /// <returns>False when another change is under way.</returns>
    public bool Propose(IReadOnlyList<Guid> voters, bool isForced)
    {
        lock (_lock)
        {
            if (_wanted is not null && !isForced) return false;
            (_wanted, _isForced) = (voters, isForced);
            Count();
            return true;
        }
    }

    /// <summary>The change that was proposed is committed.</summary>
    public void Changed(MemberList members)
    {
        lock (_lock)
        {
            if (members.Sequence < _members.Sequence) return;
            _members = members;
            if (_wanted is not null && members.Voters.SequenceEqual(_wanted)) (_wanted, _isForced) = (null, false); // else an operator wants other ones since
            Count();
        }
    }

    private IReadOnlyList<Guid> VotersOf(IReadOnlyList<Guid> voters) => voters.Count == 0 ? _alone : voters;

    private ulong Count()
    {
        if (_deposedBy != 0) return _committed;
        var (held, confirmed) = _isForced ? (ulong.MaxValue, ulong.MaxValue) : CountOf(_members.Voters);
        if (_wanted is { } wanted)
        {
            var (heldByNew, confirmedByNew) = CountOf(wanted);
            (held, confirmed) = (Math.Min(held, heldByNew), Math.Min(confirmed, confirmedByNew));
        }

        held = Math.Min(held, _durable);
        if (held >= first && held > _committed) Volatile.Write(ref _committed, held);
        Volatile.Write(ref _confirmed, confirmed); // falls when voters come who have confirmed nothing yet
        return _committed;
    }

    private (ulong Held, ulong Confirmed) CountOf(IReadOnlyList<Guid> list)
    {
        var voters = VotersOf(list);
        Span<ulong> held = stackalloc ulong[MembersFact.VotersMax];
        Span<ulong> rounds = stackalloc ulong[MembersFact.VotersMax];
        held = held[..voters.Count];
        rounds = rounds[..voters.Count];
        for (var i = 0; i < voters.Count; i++)
        {
            if (voters[i] == self) (held[i], rounds[i]) = (_durable, ulong.MaxValue);
            else if (_others.TryGetValue(voters[i], out var other)) (held[i], rounds[i]) = (other.Durable, other.Round);
        }

        var size = Quorum.Size(voters.Count, durability);
        return (Quorum.HeldBy(size, held), Quorum.HeldBy(size, rounds));
    }

    private sealed class Standing
    {
        public string Address = "";
        public ulong Durable;
        public ulong Round;
        public long HeardAt;
        public int Streams;
    }
}
