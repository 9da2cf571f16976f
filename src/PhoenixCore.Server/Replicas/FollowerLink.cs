using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Journal;
using PhoenixCore.Replication;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Logs;
using PhoenixCore.Shard.Snapshots;
using Reason = PhoenixCore.Contracts.V1.ReplicaRefusal.Types.Reason;

namespace PhoenixCore.Server.Replicas;

/// <summary>The copy at its own side of the stream: comes to the leader, again and again, and takes what it sends. One task.</summary>
internal sealed class FollowerLink(Node node, Guid shard, string directory, ReplicaChannels channels, ReplicationMeters meters, ILogger log)
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private long _heardAt;
    private ulong _saidCommitted;
    private Task<StateMark?>? _digest;

    /// <summary>A leader has taken this copy in, at least once.</summary>
    public bool HasBeenTaken { get; private set; }

    /// <summary>Time since the leader's last word; null = there was none.</summary>
    public TimeSpan? Silence => Volatile.Read(ref _heardAt) is > 0 and var at ? TimeSpan.FromMilliseconds(Environment.TickCount64 - at) : null;

    /// <summary>What the leader said last of what is committed.</summary>
    public ulong SaidCommitted => Volatile.Read(ref _saidCommitted);

    /// <summary>Keys that this copy keeps in memory: states are compared with a leader that keeps as many.</summary>
    public ulong HotKeys { get; init; }

    /// <summary>A file beside the journal has changed.</summary>
    public Action<string>? FileTaken { get; set; }

    /// <summary>Follows until it is ended.</summary>
    /// <returns>What has to be done before it can go on; null = it was ended.</returns>
    /// <exception cref="ReplicaBrokenException">The copies contradict each other.</exception>
    /// <exception cref="OtherStateException">Their states differ.</exception>
    /// <exception cref="JournalIoException">The disk failed.</exception>
    public async Task<FollowEnd?> RunAsync(CancellationToken ct)
    {
        var redirected = "";
        while (!ct.IsCancellationRequested)
        {
            try
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
                var address = redirected.Length > 0 ? redirected : node.LeaderAddress;
                redirected = "";
                var (end, elsewhere) = await FollowAsync(address, silence).ConfigureAwait(false);
                if (end is not null) return end;
                redirected = elsewhere;
            }
            catch (Exception e) when (e is GrpcStatusException or OperationCanceledException or HttpRequestException)
            {
                log.LogDebug(LogEvents.LeaderLost, "the stream of the leader ended: {Reason}", e.Message);
            }
            catch (InvalidDataException e)
            {
                meters.CountRejected("base");
                log.LogError(LogEvents.ReplicaDiverged, "a state that the leader sent was refused: {Reason}", e.Message);
            }
            catch (JournalDivergedException e)
            {
                meters.CountRejected("diverged");
                log.LogError(LogEvents.ReplicaDiverged, "records of the leader were refused: {Reason}", e.Message);
            }

            await Task.Delay(Pause, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task<(FollowEnd? End, string Elsewhere)> FollowAsync(string address, CancellationTokenSource silence)
    {
        silence.CancelAfter(SilenceMax);
        await using var call = channels.To(address).Duplex<FollowerMessage, LeaderMessage>(ReplicaWire.FollowPath, LeaderMessage.Parser, channels.Options(silence.Token));
        await call.WriteAsync(new FollowerMessage { Hello = ReplicaWire.Of(node.Hello() with { Shard = shard }) }).ConfigureAwait(false);
        while (await call.MoveNextAsync().ConfigureAwait(false))
        {
            silence.CancelAfter(SilenceMax);
            Volatile.Write(ref _heardAt, Environment.TickCount64);
            var message = call.Current;
            switch (message.KindCase)
            {
                case LeaderMessage.KindOneofCase.Fence:
                    await call.WriteAsync(new FollowerMessage { Fenced = ReplicaWire.Of(node.OnFence(message.Fence.Epoch, ReplicaWire.Id(message.Fence.Leader), message.Fence.Address)) }).ConfigureAwait(false);
                    break;
                case LeaderMessage.KindOneofCase.Welcome:
                    var welcome = ReplicaWire.From(message.Welcome);
                    var answer = await WelcomeAsync(call, welcome).ConfigureAwait(false);
                    if (answer != WelcomeAnswer.Follows) return (answer == WelcomeAnswer.MustCut ? new FollowEnd(welcome.Agreement) : null, "");
                    break;
                case LeaderMessage.KindOneofCase.Records:
                    if (!await TakeAsync(call, message.Records).ConfigureAwait(false)) return (null, "");
                    break;
                case LeaderMessage.KindOneofCase.Heartbeat:
                    Volatile.Write(ref _saidCommitted, message.Heartbeat.Committed);
                    if (!node.OnHeartbeat(message.Heartbeat.Epoch, ReplicaWire.Id(message.Heartbeat.Leader), message.Heartbeat.Committed))
                    {
                        await RefuseAsync(call, Reason.Stale).ConfigureAwait(false);
                        return (null, "");
                    }

                    await AckAsync(call, message.Heartbeat.Epoch, message.Heartbeat.Round).ConfigureAwait(false);
                    break;
                case LeaderMessage.KindOneofCase.File:
                    if (SideFiles.Take(directory, message.File) is { } name) FileTaken?.Invoke(name);
                    break;
                case LeaderMessage.KindOneofCase.Base:
                    return (await TakeBaseAsync(call, message.Base, silence).ConfigureAwait(false) ? new FollowEnd(null) : null, "");
                case LeaderMessage.KindOneofCase.DigestMark when message.DigestMark.HotKeys == HotKeys:
                    _digest = node.Shard.Snapshots.DigestAsync(message.DigestMark.Sequence);
                    break;
                case LeaderMessage.KindOneofCase.Refusal when message.Refusal.Reason == Reason.OtherState:
                    throw new OtherStateException(message.Refusal.Agreed, $"the state of this copy differs from that of the leader at {address}; both agreed at sequence {message.Refusal.Agreed}");
                case LeaderMessage.KindOneofCase.Refusal:
                    log.LogWarning(LogEvents.ReplicaRefused, "{Address} refuses this copy: {Reason}", address, message.Refusal.Message);
                    return (null, message.Refusal.Reason == Reason.NotLeader ? message.Refusal.Address : "");
                default:
                    break;
            }

            await SayDigestAsync(call).ConfigureAwait(false);
        }

        return (null, "");
    }

    private async ValueTask<WelcomeAnswer> WelcomeAsync(DuplexCall<FollowerMessage, LeaderMessage> call, Welcome welcome)
    {
        var answer = node.OnWelcome(welcome);
        if (answer is WelcomeAnswer.Stale or WelcomeAnswer.OtherTimeline) await RefuseAsync(call, answer == WelcomeAnswer.Stale ? Reason.Stale : Reason.OtherTimeline).ConfigureAwait(false);
        if (answer != WelcomeAnswer.Follows) return answer;
        HasBeenTaken = true;
        await AckAsync(call, welcome.Epoch, 0).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Takes a state to begin from; what is here already is not touched yet.</summary>
    /// <returns>False: it was refused, or not all of it came.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    private async ValueTask<bool> TakeBaseAsync(DuplexCall<FollowerMessage, LeaderMessage> call, ReplicaBase said, CancellationTokenSource silence)
    {
        if (!node.OnBase(ReplicaWire.From(said.Welcome), said.Sequence))
        {
            await RefuseAsync(call, Reason.Stale).ConfigureAwait(false);
            return false;
        }

        using var incoming = IncomingBase.Begin(Path.Combine(directory, ServerParts.ShardDirectory), said);
        while (await call.MoveNextAsync().ConfigureAwait(false))
        {
            silence.CancelAfter(SilenceMax);
            Volatile.Write(ref _heardAt, Environment.TickCount64);
            if (call.Current.FilePart is not { } part || !incoming.Take(part)) continue;
            silence.CancelAfter(Timeout.InfiniteTimeSpan);
            incoming.Prove(shard);
            return true;
        }

        return false;
    }

    private async ValueTask SayDigestAsync(DuplexCall<FollowerMessage, LeaderMessage> call)
    {
        if (_digest is not { IsCompleted: true } taken) return;
        _digest = null;
        if (taken.IsCompletedSuccessfully && taken.Result is { } mark) await call.WriteAsync(new FollowerMessage { Digest = new ReplicaDigest { Sequence = mark.Sequence, Digest = ReplicaWire.Of(mark.Digest) } }).ConfigureAwait(false);
    }

    private async ValueTask<bool> TakeAsync(DuplexCall<FollowerMessage, LeaderMessage> call, ReplicaRecords records)
    {
        Volatile.Write(ref _saidCommitted, records.Committed);
        var before = new JournalPosition(records.PreviousSequence, ReplicaWire.Chain(records.ChainBefore));
        var answer = node.OnAppend(records.Epoch, ReplicaWire.Id(records.Leader), before, records.Records.Span, (int)records.Count, ReplicaWire.Chain(records.ChainAfter), records.Committed);
        if (answer == AppendAnswer.Taken)
        {
            await AckAsync(call, records.Epoch, records.Round).ConfigureAwait(false);
            return true;
        }

        await RefuseAsync(call, answer == AppendAnswer.Stale ? Reason.Stale : Reason.Mismatch).ConfigureAwait(false);
        return false;
    }

    private ValueTask AckAsync(DuplexCall<FollowerMessage, LeaderMessage> call, ulong epoch, ulong round) =>
        call.WriteAsync(new FollowerMessage { Ack = new ReplicaAck { Epoch = epoch, Sequence = node.Shard.Durable.LastSequence, Round = round } });

    private async ValueTask RefuseAsync(DuplexCall<FollowerMessage, LeaderMessage> call, Reason reason)
    {
        meters.CountRejected(reason switch { Reason.Stale => "stale_epoch", Reason.OtherTimeline => "timeline", _ => "mismatch" });
        log.LogWarning(LogEvents.ReplicaRefused, "what a leader sent was refused: {Reason}", reason);
        await call.WriteAsync(new FollowerMessage { Refusal = new ReplicaRefusal { Reason = reason, Promised = node.State.Promised } }).ConfigureAwait(false);
        call.Complete();
        while (await call.MoveNextAsync().ConfigureAwait(false))
        {
            // Until the leader has read it and ends the call.
        }
    }
}
