using System.Collections.Concurrent;
using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Replication;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Shard.Snapshots;
using Reason = PhoenixCore.Contracts.V1.ReplicaRefusal.Types.Reason;

namespace PhoenixCore.Server.Replicas;

/// <summary>One copy at the leader's side of its stream: what it lacks goes out, what it holds comes back.</summary>
/// <param name="bulkBytes">Of sealed segments, from which on an empty copy is sent them as they are.</param>
internal sealed class FollowerSession(Node node, string directory, Hello hello, ResponseStream<LeaderMessage> to, long bulkBytes, DigestExchange digests, ReplicationMeters meters) : IDisposable
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Messages of records that the copy has not acknowledged: it syncs one, and the others wait. What comes meanwhile travels together.</summary>
    private const int UnderWayMax = 4;

    private readonly SideFiles _files = new(directory);
    private readonly WakeUp _wake = new();
    private readonly ConcurrentQueue<ulong> _underWay = new();
    private ulong _agreement;
    private ulong _sent;
    private ulong _saidCommitted;
    private ulong _acknowledged;
    private ulong _saidMark;
    private volatile ReplicaRefusal? _refusal;

    /// <summary>Incarnation of the copy.</summary>
    public Guid Follower => hello.Incarnation;

    /// <summary>There is something to send.</summary>
    public void Wake() => _wake.Set();

    /// <summary>It holds all that this leader had when it came: it may get a vote.</summary>
    public bool HasCaughtUp => Volatile.Read(ref _acknowledged) >= Barrier;

    /// <summary>The leader's end when the copy came.</summary>
    public ulong Barrier { get; private set; }

    /// <summary>Its state differs: it is told so, and its stream ends.</summary>
    /// <param name="agreed">Last sequence at which it did not; 0 = not known.</param>
    public void RefuseState(ulong agreed)
    {
        _refusal = new ReplicaRefusal { Reason = Reason.OtherState, Message = "its state differs from the leader's", Agreed = agreed };
        Wake();
    }

    /// <summary>Takes the copy in.</summary>
    /// <returns>False: it was refused and told why, or was sent a state to begin from; it comes again.</returns>
    public async ValueTask<bool> BeginAsync(CancellationToken ct)
    {
        var shard = node.Shard;
        Barrier = shard.Durable.LastSequence;
        if (node.OnHello(hello) is not { } welcome)
        {
            await to.WriteAsync(ReplicaWire.Refuse(Reason.NotLeader, "this copy does not lead", node.LeaderAddress)).ConfigureAwait(false);
            return false;
        }

        (_agreement, _sent) = (welcome.Agreement, welcome.Agreement);
        if (welcome.Agreement + 1 < shard.Durable.FirstSequence || (hello.End.Sequence == 0 && shard.Durable.SealedSegments.Sum(segment => segment.Bytes) >= bulkBytes))
        {
            await SendBaseAsync(welcome, ct).ConfigureAwait(false);
            return false;
        }

        await SendFilesAsync().ConfigureAwait(false);
        await to.WriteAsync(new LeaderMessage { Welcome = ReplicaWire.Of(welcome) }).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sends until the call ends.</summary>
    public async Task ShipAsync(CancellationToken ct)
    {
        using var cursor = node.Shard.Durable.OpenCursor(_agreement + 1);
        var shipment = new Shipment(cursor, node.Shard.GroupBytesMax);
        while (!ct.IsCancellationRequested && _refusal is null && node.Leader is { DeposedBy: 0 } leader)
        {
            while (_underWay.Count < UnderWayMax && shipment.Fill(leader.Committed, node.Shard.Snapshots.Marked))
            {
                await SendFilesAsync().ConfigureAwait(false);
                SayMark(shipment.First);
                _underWay.Enqueue(shipment.Last);
                _sent = shipment.Last;
                await to.WriteAsync(MessageOf(leader, shipment)).ConfigureAwait(false);
            }

            var isFull = _underWay.Count >= UnderWayMax;
            await ((Task)_wake.WaitAsync(leader.Committed > _saidCommitted && !isFull ? TimeSpan.Zero : HeartbeatInterval, ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested) break;
            if (node.Shard.Durable.LastSequence > _sent) continue; // at once, or when the copy has acknowledged
            await SendFilesAsync().ConfigureAwait(false);
            var committed = leader.Committed;
            to.Append(new LeaderMessage { Heartbeat = new ReplicaHeartbeat { Epoch = leader.Epoch, Leader = ReplicaWire.Of(node.State.Incarnation), Committed = committed, Round = leader.NextRound() } });
            _saidCommitted = committed;
            await to.FlushAsync().ConfigureAwait(false);
        }

        await to.WriteAsync(_refusal is { } refusal ? new LeaderMessage { Refusal = refusal } : ReplicaWire.Refuse(Reason.NotLeader, "this copy stops")).ConfigureAwait(false);
    }

    /// <summary>The copy answers.</summary>
    /// <returns>False: it does not follow this leader any more.</returns>
    public bool On(FollowerMessage message)
    {
        switch (message.KindCase)
        {
            case FollowerMessage.KindOneofCase.Ack:
                Volatile.Write(ref _acknowledged, Math.Max(_acknowledged, message.Ack.Sequence));
                LetOn(message.Ack.Sequence);
                node.OnAck(Follower, message.Ack.Epoch, message.Ack.Sequence, message.Ack.Round);
                return true;
            case FollowerMessage.KindOneofCase.Digest:
                digests.On(this, new StateMark(message.Digest.Sequence, ReplicaWire.Number(message.Digest.Digest)));
                return true;
            case FollowerMessage.KindOneofCase.Refusal:
                meters.CountRejected(message.Refusal.Reason == Reason.Stale ? "stale_epoch" : "mismatch");
                node.OnStale(message.Refusal.Promised);
                return false;
            default:
                return false;
        }
    }

    public void Dispose() => _wake.Dispose();

    private async Task SendBaseAsync(Welcome welcome, CancellationToken ct)
    {
        try
        {
            await new BaseSender(node, new PosixStorage(Path.Combine(directory, Hosting.ServerParts.ShardDirectory)), to).SendAsync(welcome, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            await to.WriteAsync(ReplicaWire.Refuse(Reason.TooFarBehind, $"there is no snapshot to begin from: {e.Message}")).ConfigureAwait(false);
        }
        finally
        {
            node.Leader?.Disconnected(Follower);
        }
    }

    /// <summary>A digest is wanted of records that are still to be sent.</summary>
    private void SayMark(ulong first)
    {
        if (node.Shard.Snapshots.Marked is var mark && (mark <= _saidMark || mark < first)) return;
        to.Append(new LeaderMessage { DigestMark = new ReplicaDigestMark { Sequence = mark, HotKeys = digests.HotKeys } });
        _saidMark = mark;
    }

    /// <summary>So much is durable at the copy: there may be room for more.</summary>
    private void LetOn(ulong acknowledged)
    {
        var wasFull = _underWay.Count >= UnderWayMax;
        while (_underWay.TryPeek(out var last) && last <= acknowledged) _underWay.TryDequeue(out _);
        if (wasFull && _underWay.Count < UnderWayMax) Wake();
    }

    private LeaderMessage MessageOf(Leader leader, Shipment shipment)
    {
        var committed = _saidCommitted = leader.Committed;
        return new LeaderMessage
        {
            Records = new ReplicaRecords
            {
                Epoch = leader.Epoch,
                Leader = ReplicaWire.Of(node.State.Incarnation),
                PreviousSequence = shipment.Before.Sequence,
                ChainBefore = ReplicaWire.Of(shipment.Before.Chain),
                ChainAfter = ReplicaWire.Of(shipment.ChainAfter),
                Count = (uint)shipment.Count,
                Records = UnsafeByteOperations.UnsafeWrap(shipment.Records), // framed before the next one is filled
                Committed = committed,
                Round = leader.NextRound(),
            },
        };
    }

    private async ValueTask SendFilesAsync()
    {
        foreach (var file in _files.Changes()) await to.WriteAsync(new LeaderMessage { File = file }).ConfigureAwait(false);
    }
}
