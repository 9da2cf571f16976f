using System.Diagnostics;
using System.Globalization;
using PhoenixCore.Replication;
using PhoenixCore.Server.Logs;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Replicas;

/// <summary>The leader's digests of its state, and what the other copies say of theirs at the same sequences. Any thread.</summary>
/// <param name="every">Between two digests; zero = none are taken.</param>
internal sealed class DigestExchange(Func<Node?> node, TimeSpan every, int hotKeys, ReplicationMeters meters, ILogger log)
{
    private const int Kept = 8;
    private readonly Lock _lock = new();
    private readonly List<StateMark> _own = [];
    private readonly Dictionary<FollowerSession, StateMark> _waiting = [];
    private readonly Dictionary<Guid, ulong> _agreed = [];
    private Task _marking = Task.CompletedTask;
    private long _markedAt = Stopwatch.GetTimestamp();
    private ulong _marked;

    /// <summary>Idempotency keys that this copy keeps in memory.</summary>
    public ulong HotKeys => (ulong)hotKeys;

    /// <summary>Now and then, on a leader: takes a digest when one is due, something was written since, and somebody is there to compare.</summary>
    public void Tick()
    {
        if (every <= TimeSpan.Zero || !_marking.IsCompleted || Stopwatch.GetElapsedTime(_markedAt) < every) return;
        if (node() is { Leader: { } leader } leading && leading.Shard.Applied != _marked && leader.Followers.Any(follower => follower.IsConnected)) _marking = MarkAsync(leading);
    }

    /// <summary>A copy says what it has; compared now, or when this one's own digest is there.</summary>
    public void On(FollowerSession session, StateMark theirs)
    {
        lock (_lock)
        {
            if (_own.Find(mark => mark.Sequence == theirs.Sequence) is { Sequence: > 0 } own) Compare(session, own, theirs);
            else _waiting[session] = theirs;
        }
    }

    /// <summary>A copy's stream has ended.</summary>
    public void Forget(FollowerSession session)
    {
        lock (_lock) _waiting.Remove(session);
    }

    private async Task MarkAsync(Node leading)
    {
        StateMark? taken;
        try
        {
            taken = await leading.Shard.Snapshots.DigestAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            return; // the shard ends, or there was no memory for it
        }

        if (taken is not { } own) return; // again at the next tick
        (_marked, _markedAt) = (own.Sequence, Stopwatch.GetTimestamp());
        lock (_lock)
        {
            _own.Add(own);
            if (_own.Count > Kept) _own.RemoveAt(0);
            foreach (var (session, theirs) in _waiting.Where(pair => pair.Value.Sequence <= own.Sequence).ToArray())
            {
                _waiting.Remove(session);
                if (theirs.Sequence == own.Sequence) Compare(session, own, theirs);
            }
        }
    }

    private void Compare(FollowerSession session, StateMark own, StateMark theirs)
    {
        meters.CountDigest(own.Digest == theirs.Digest);
        if (own.Digest == theirs.Digest)
        {
            _agreed[session.Follower] = own.Sequence;
            return;
        }

        var agreed = _agreed.GetValueOrDefault(session.Follower);
        log.LogError(LogEvents.DigestsDiffer, "the state of the copy {Follower} differs at sequence {Sequence}: {Theirs} there, {Own} here; both agreed at {Agreed}. That copy ends; phx replay --digest says which of the two is right",
            session.Follower, own.Sequence, theirs.Digest.ToString("x32", CultureInfo.InvariantCulture), own.Digest.ToString("x32", CultureInfo.InvariantCulture), agreed);
        session.RefuseState(agreed);
    }
}
