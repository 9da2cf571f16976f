using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Replication;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Logs;
using Reason = PhoenixCore.Contracts.V1.ReplicaRefusal.Types.Reason;

namespace PhoenixCore.Server.Replicas;

/// <summary>What the copies of a shard ask of this one: to be taken in, and promises. Any thread.</summary>
internal sealed class LeaderService : IDisposable
{
    private readonly Func<Node?> _node;
    private readonly Func<Guid?> _shard;
    private readonly string _directory;
    private readonly byte[] _secret;
    private readonly ReplicaChannels _channels;
    private readonly bool _wantsCertificate;
    private readonly DigestExchange _digests;
    private readonly long _bulkBytes;
    private readonly ReplicationMeters _meters;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<FollowerSession, bool> _sessions = [];
    private readonly ConcurrentDictionary<Guid, FenceAnswer> _fenced = [];
    private (ulong Epoch, Guid Leader, string Address)? _gathering;

    public LeaderService(Func<Node?> node, Func<Guid?> shard, ServerSettings settings, ReplicaChannels channels, DigestExchange digests, ReplicationMeters meters, ILogger log)
    {
        (_node, _shard, _directory, _secret, _channels, _wantsCertificate, _digests, _meters, _log) = (node, shard, settings.DataDirectory, Encoding.UTF8.GetBytes("Bearer " + settings.ReplicationSecret), channels, settings.ReplicationCa is not null, digests, meters, log);
        _bulkBytes = (long)settings.BulkCopyMebibytes << 20;
        var binder = new GrpcServiceBinder(ReplicationReflection.Descriptor.Services[0])
            .Duplex<FollowerMessage, LeaderMessage>("Follow", FollowerMessage.Parser, FollowAsync, ReplicaWire.MessageBytesMax)
            .Unary<ReplicaFence, ReplicaFenced>("Fence", ReplicaFence.Parser, FenceAsync);
        Dispatcher = new GrpcDispatcher([binder], new GrpcOptions { Authorize = Authorize }, log);
    }

    /// <summary>Serves the service.</summary>
    public GrpcDispatcher Dispatcher { get; }

    /// <summary>Copies whose stream is open.</summary>
    public IEnumerable<FollowerSession> Sessions => _sessions.Keys;

    /// <summary>Promises that were given to this copy since it gathers.</summary>
    public IEnumerable<FenceAnswer> Fenced => _fenced.Values;

    /// <summary>Whoever comes from now on is asked for a promise, until this copy leads.</summary>
    public void Gather(ulong epoch, Guid leader, string address)
    {
        _fenced.Clear();
        _gathering = (epoch, leader, address);
    }

    /// <summary>There is something to send to all of them.</summary>
    public void Wake()
    {
        foreach (var session in _sessions.Keys) session.Wake();
    }

    public void Dispose() => Dispatcher.Dispose();

    private ValueTask Authorize(GrpcCall call)
    {
        var given = Encoding.UTF8.GetBytes(call.RequestMetadata.Find("authorization") ?? "");
        if (!CryptographicOperations.FixedTimeEquals(given, _secret)) call.Fail(new GrpcStatus(GrpcStatusCode.Unauthenticated, "the copies of a shard share a secret"));
        else if (_wantsCertificate && !_channels.IsOfAuthority(call.HttpContext.Connection.ClientCertificate)) call.Fail(new GrpcStatus(GrpcStatusCode.Unauthenticated, "a copy shows a certificate of the copies' authority"));
        return default;
    }

    private ValueTask<ReplicaFenced> FenceAsync(ReplicaFence request, GrpcCall call)
    {
        if (_node() is not { } node) throw new GrpcException(GrpcStatusCode.Unavailable, "the copy is starting");
        return ValueTask.FromResult(ReplicaWire.Of(node.OnFence(request.Epoch, ReplicaWire.Id(request.Leader), request.Address)));
    }

    private async ValueTask FollowAsync(RequestStream<FollowerMessage> from, ResponseStream<LeaderMessage> to, GrpcCall call)
    {
        if (!await from.MoveNextAsync().ConfigureAwait(false) || from.Current.Hello is not { } said) return;
        if (_node() is not { } node || _shard() is not { } shard) throw new GrpcException(GrpcStatusCode.Unavailable, "the copy is starting");
        if (said.IsNew)
        {
            await to.WriteAsync(new LeaderMessage { Shard = new ReplicaShard { Shard = ReplicaWire.Of(shard) } }).ConfigureAwait(false);
            return;
        }

        if (ReplicaWire.Id(said.Shard) != shard)
        {
            _meters.CountRejected("shard");
            await to.WriteAsync(ReplicaWire.Refuse(Reason.OtherShard, "it is a copy of another shard")).ConfigureAwait(false);
            return;
        }

        var hello = ReplicaWire.From(said);
        if (hello.Timeline != node.State.Timeline && hello.End.Sequence != 0)
        {
            _meters.CountRejected("timeline");
            await to.WriteAsync(ReplicaWire.Refuse(Reason.OtherTimeline, "it holds another history of the shard: a restored backup begins a new one")).ConfigureAwait(false);
            return;
        }

        if (!await IsLeadingAsync(node, hello, from, to, call).ConfigureAwait(false)) return;
        await ServeAsync(node, hello, from, to, call).ConfigureAwait(false);
    }

    private async Task ServeAsync(Node node, Hello hello, RequestStream<FollowerMessage> from, ResponseStream<LeaderMessage> to, GrpcCall call)
    {
        using var session = new FollowerSession(node, _directory, hello, to, _bulkBytes, _digests, _meters);
        if (!await session.BeginAsync(call.CancellationToken).ConfigureAwait(false)) return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, call.Stopping);
        _sessions[session] = true;
        var shipping = session.ShipAsync(ended.Token);
        try
        {
            while (await from.MoveNextAsync().ConfigureAwait(false) && session.On(from.Current))
            {
                // Each message is counted by the call.
            }
        }
        finally
        {
            _sessions.TryRemove(session, out _);
            _digests.Forget(session);
            node.Leader?.Disconnected(session.Follower);
            await ended.CancelAsync().ConfigureAwait(false);
            await shipping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (shipping.Exception is { } failed) _log.LogWarning(LogEvents.LeaderLost, failed, "a copy could not be sent what it lacks");
        }
    }

    /// <summary>While this copy gathers promises, whoever comes is asked for one, and then waits.</summary>
    private async ValueTask<bool> IsLeadingAsync(Node node, Hello hello, RequestStream<FollowerMessage> from, ResponseStream<LeaderMessage> to, GrpcCall call)
    {
        var asked = 0UL;
        while (node.Leader is null)
        {
            if (_gathering is not { } wanted)
            {
                await to.WriteAsync(ReplicaWire.Refuse(Reason.NotLeader, "this copy does not lead", node.LeaderAddress)).ConfigureAwait(false);
                return false;
            }

            if (hello.Promised >= wanted.Epoch) wanted = Raise(node, hello.Promised);
            if (asked < wanted.Epoch)
            {
                asked = wanted.Epoch;
                await to.WriteAsync(new LeaderMessage { Fence = new ReplicaFence { Epoch = wanted.Epoch, Leader = ReplicaWire.Of(wanted.Leader), Address = wanted.Address } }).ConfigureAwait(false);
                if (!await from.MoveNextAsync().ConfigureAwait(false) || from.Current.Fenced is not { } fenced) return false;
                var answer = ReplicaWire.From(fenced);
                if (!answer.IsGranted) return false; // it says hello again, with what it has promised
                _fenced[answer.Incarnation] = answer;
            }

            await Task.Delay(10, call.CancellationToken).ConfigureAwait(false);
            await to.WriteAsync(new LeaderMessage()).ConfigureAwait(false); // a sign of life
        }

        return true;
    }

    private (ulong Epoch, Guid Leader, string Address) Raise(Node node, ulong promised)
    {
        lock (_fenced)
        {
            if (_gathering is { } wanted && wanted.Epoch > promised) return wanted;
            _fenced.Clear();
            var raised = (node.PromiseItself(promised), node.State.Incarnation, node.Address);
            _gathering = raised;
            return raised;
        }
    }
}
