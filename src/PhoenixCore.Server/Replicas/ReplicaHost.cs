using System.Security.Cryptography.X509Certificates;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Journal;
using PhoenixCore.Replication;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Replication.State;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Logs;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Replicas;

/// <summary>One copy of a shard in a process: opens it, lets it follow or lead, promotes it, and ends the process when another leads.</summary>
internal sealed class ReplicaHost : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int TicksPerHint = 50;

    /// <summary>Who has a vote is changed only while enough voters are certainly there: they all have to hold the change.</summary>
    private const long FreshNanoseconds = 300_000_000;

    private readonly ServerSettings _settings;
    private readonly IReplicaEdges _edges;
    private readonly IClock _clock;
    private readonly Action<ShardFault> _onFault;
    private readonly ILogger _log;
    private readonly ReplicaChannels _channels;
    private readonly PosixStorage _storage;
    private readonly StaticCoordinator _coordinator;
    private readonly SemaphoreSlim _promoting = new(1, 1);

    /// <summary>Held by whoever opens or closes the shard or what stands on it.</summary>
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource _following = new();
    private Task _followed = Task.CompletedTask;
    private Task _ticked = Task.CompletedTask;
    private Task _asking = Task.CompletedTask;
    private Task _refreshing = Task.CompletedTask;
    private FollowerLink? _link;
    private Node? _node;
    private Guid? _shardId;
    private LedgerShard? _shard;
    private string _address = "";
    private bool _hasEdges;
    private bool _isAdmitting;

    public ReplicaHost(ServerSettings settings, IReplicaEdges edges, IClock clock, Action<ShardFault> onFault, X509Certificate2? certificate, ILogger log)
    {
        (_settings, _edges, _clock, _onFault, _log) = (settings, edges, clock, onFault, log);
        _storage = new PosixStorage(settings.DataDirectory);
        _coordinator = new StaticCoordinator(settings.Follow?.ToString());
        _channels = new ReplicaChannels(settings.ReplicationSecret!, certificate, ReplicaChannels.AuthorityOf(settings));
        Service = new LeaderService(() => _node is { } node && _shard is not null ? node : null, () => _shardId, settings.DataDirectory, settings.ReplicationSecret!, _channels, settings.ReplicationCa is not null, Meters, log);
    }

    /// <summary>Answers the other copies; from the moment on that the addresses are taken.</summary>
    public LeaderService Service { get; }

    public ReplicationMeters Meters { get; } = new();

    /// <summary>Null until the directory is open.</summary>
    public Node? Node => _node;

    /// <summary>This copy's side of the leader's stream; null while it leads.</summary>
    public FollowerLink? Link => _node?.Leader is null ? _link : null;

    /// <summary>It leads, and too few copies are there: what writes would wait for an acknowledgement that may never come.</summary>
    public bool RefusesWrites => _node is { Leader: not null, IsShort: true };

    /// <summary>It leads, and those who would have to confirm that are not there.</summary>
    public bool RefusesReads => RefusesWrites && _node!.Leader!.Members.Voters.Count > 1;

    /// <summary>Sequence up to which a follower shows what is committed, and how old that is at most; null = it leads, or has never heard of a leader.</summary>
    public TimeSpan? Staleness => Link is { } link && link.Silence is { } silence ? silence : null;

    /// <summary>Returns when the server can answer: as a leader, or as a follower that has what it needs to let callers in.</summary>
    /// <param name="address">Where this copy is found.</param>
    public async Task StartAsync(string address)
    {
        _address = address;
        var isFollower = _settings.Follow is not null;
        _shardId = isFollower ? ShardIdentity.Read(_storage) ?? ShardIdentity.Write(_storage, await AskShardAsync().ConfigureAwait(false)) : ShardIdentity.ReadOrMake(_storage);
        var place = ShardPlace();
        _node = new Node(ReplicaFile.Open(place), _settings.Durability, _coordinator, _clock, address, _settings.QuorumLoss) { Wake = Service.Wake, Deposed = OnDeposed };
        await OpenShardAsync().ConfigureAwait(false);
        _ticked = Task.Run(TickAsync);
        if (isFollower)
        {
            Follow();
            while (!await TryOpenEdgesAsync().ConfigureAwait(false)) await Task.Delay(Pause, _stop.Token).ConfigureAwait(false);
            return;
        }

        await GatherAsync().ConfigureAwait(false);
        await OpenEdgesAsync().ConfigureAwait(false);
    }

    /// <summary>A follower answers as soon as it can read what it has.</summary>
    private Task<bool> TryOpenEdgesAsync() => InTurnAsync(async () =>
    {
        if (!await IsReadableAsync().ConfigureAwait(false)) return false;
        await OpenEdgesAsync().ConfigureAwait(false);
        return true;
    });

    /// <summary>Opens or closes the shard or what stands on it while nobody else does.</summary>
    private async Task<T> InTurnAsync<T>(Func<Task<T>> change)
    {
        await _changing.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            return await change().ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>This copy leads from now on, if enough copies promise or an operator accepts that it will be alone.</summary>
    /// <param name="peers">gRPC addresses of other copies that may promise.</param>
    /// <exception cref="PromotionRefusedException">It may not; nothing was changed, or it follows again.</exception>
    public async Task PromoteAsync(bool acceptSingleCopy, IReadOnlyList<string> peers)
    {
        await _promoting.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            var node = _node!;
            if (node.Leader is not null)
            {
                if (!acceptSingleCopy) throw new PromotionRefusedException("this copy leads already");
                await node.ChangeMembersAsync([node.State.Incarnation], singleCopyAccepted: true).ConfigureAwait(false);
                return;
            }

            var members = node.State.Members;
            if (!members.Has(node.State.Incarnation)) throw new PromotionRefusedException("this copy has no vote: it was never caught up with its leader, or was made anew since");
            await LeadAsync(node, members, acceptSingleCopy, peers).ConfigureAwait(false);
        }
        finally
        {
            _promoting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.CancelAsync().ConfigureAwait(false);
        await _followed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ticked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Service.Dispose();
        _node?.Dispose();
        _shard?.Dispose();
        _channels.Dispose();
        _following.Dispose();
        _stop.Dispose();
        _promoting.Dispose();
    }

    private PosixStorage ShardPlace() => new(Path.Combine(_settings.DataDirectory, ServerParts.ShardDirectory));

    private async Task OpenShardAsync()
    {
        _shard = await _edges.OpenShardAsync(_shardId!.Value, _node!).ConfigureAwait(false);
        _node!.Attach(_shard, _shardId.Value);
    }

    private async Task OpenEdgesAsync()
    {
        await _edges.OpenAsync(_shard!, _shardId!.Value, isFollower: _node!.Leader is null).ConfigureAwait(false);
        _hasEdges = true;
        if (_node.Leader is not null) _node.RefuseWhenShort();
    }

    /// <summary>A new directory learns from its leader whose copy it is.</summary>
    private async Task<Guid> AskShardAsync()
    {
        while (true)
        {
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                patience.CancelAfter(TimeSpan.FromSeconds(5));
                await using var call = _channels.To(_coordinator.LeaderAddress!).Duplex<FollowerMessage, LeaderMessage>(ReplicaWire.FollowPath, LeaderMessage.Parser, _channels.Options(patience.Token));
                await call.WriteAsync(new FollowerMessage { Hello = new ReplicaHello { IsNew = true } }).ConfigureAwait(false);
                if (await call.MoveNextAsync().ConfigureAwait(false) && call.Current.Shard is { } shard) return ReplicaWire.Id(shard.Shard);
            }
            catch (Exception e) when (e is GrpcStatusException or HttpRequestException or OperationCanceledException && !_stop.IsCancellationRequested)
            {
                _log.LogDebug(LogEvents.LeaderLost, "the leader does not answer yet: {Reason}", e.Message);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>A tenant is there, and the files without which it cannot be read.</summary>
    private async Task<bool> IsReadableAsync() => _storage.Exists("secrets.key") && _shard is { } shard && await _edges.HasTenantAsync(shard).ConfigureAwait(false);

    private void Follow()
    {
        _following = new CancellationTokenSource();
        var token = _following.Token;
        _followed = Task.Run(() => FollowAsync(token));
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                _link = new FollowerLink(_node!, _shardId!.Value, _settings.DataDirectory, _channels, Meters, _log) { FileTaken = _edges.OnFile };
                if (await _link.RunAsync(ct).ConfigureAwait(false) is not { } cut) return;
                await CutAsync(cut).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _onFault(new ShardFault(e is JournalIoException ? ShardFault.StorageFailed : ShardFault.InvariantBroken, e));
        }
    }

    /// <summary>What this copy has behind a sequence was never committed: it goes into quarantine, and the shard is opened anew.</summary>
    private Task<bool> CutAsync(ulong after) => InTurnAsync(async () =>
    {
        var hadEdges = _hasEdges;
        if (hadEdges) await _edges.CloseAsync().ConfigureAwait(false);
        _node!.Detach();
        _shard!.Dispose();
        _shard = null;
        var cut = JournalTail.Cut(ShardPlace(), _shardId!.Value, after);
        Meters.CountTruncated(cut.Records);
        _log.LogWarning(LogEvents.TailCut, "{Records} records behind sequence {Sequence} were never committed and were cut; their {Bytes} bytes are in {Files}", cut.Records, after, cut.Bytes, string.Join(", ", cut.Files));
        await OpenShardAsync().ConfigureAwait(false);
        if (hadEdges) await OpenEdgesAsync().ConfigureAwait(false);
        return hadEdges;
    });

    /// <summary>A leader that starts: alone it leads at once; with other voters only when enough of them have come and promised.</summary>
    private async Task GatherAsync()
    {
        var node = _node!;
        var members = node.State.Members;
        var quorum = Quorum.Size(Math.Max(1, members.Voters.Count), _settings.Durability);
        if (members.Voters.Count > 0 && !members.Has(node.State.Incarnation)) throw new InvalidDataException("this copy has no vote any more: start it with --follow");
        var epoch = node.PromiseItself(0);
        if (quorum > 1)
        {
            Service.Gather(epoch, node.State.Incarnation, _address);
            _log.LogWarning(LogEvents.Gathering, "waiting for the promises of {Count} more voters", quorum - 1);
            while (!MayLead(members, quorum)) await Task.Delay(Pause, _stop.Token).ConfigureAwait(false);
        }

        await BeginToLeadAsync(node, node.State.Promised, isAlone: false).ConfigureAwait(false);
    }

    private bool MayLead(MemberList members, int quorum)
    {
        var fenced = Service.Fenced.Where(answer => answer.IsGranted && answer.Promised == _node!.State.Promised && members.Has(answer.Incarnation)).ToArray();
        if (fenced.Length + 1 < quorum) return false;
        var own = _node!.Hello().Last;
        if (fenced.All(answer => (answer.LastEpoch, answer.LastSequence).CompareTo(own) <= 0)) return true;
        _log.LogError(LogEvents.Gathering, "another copy has more than this one: promote that, and start this one with --follow");
        return false;
    }

    private async Task LeadAsync(Node node, MemberList members, bool acceptSingleCopy, IReadOnlyList<string> peers)
    {
        await _following.CancelAsync().ConfigureAwait(false);
        await _followed.ConfigureAwait(false);
        var quorum = Quorum.Size(members.Voters.Count, _settings.Durability);
        var needed = Math.Max(quorum, Quorum.FenceSize(members.Voters.Count, quorum));
        var (epoch, promises, best) = await FenceAsync(node, members, peers).ConfigureAwait(false);
        var own = node.Hello().Last;
        string? refusal = null;
        if (promises < needed && !acceptSingleCopy) refusal = $"{promises} of {members.Voters.Count} voters promise, {needed} are needed";
        else if (!acceptSingleCopy && best.CompareTo(own) > 0) refusal = "another copy has more than this one: promote that";
        if (refusal is not null)
        {
            Follow();
            throw new PromotionRefusedException(refusal, needsAcceptance: promises < needed);
        }

        var isAlone = promises < needed;
        await BeginToLeadAsync(node, epoch, isAlone).ConfigureAwait(false);
        await InTurnAsync(async () =>
        {
            if (_hasEdges) await _edges.CloseAsync().ConfigureAwait(false);
            await OpenEdgesAsync().ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    /// <summary>Asks the peers for their promises; one that was refused because of a higher promise is asked again with a higher epoch, three times at most.</summary>
    private async Task<(ulong Epoch, int Promises, (ulong Epoch, ulong Sequence) Best)> FenceAsync(Node node, MemberList members, IReadOnlyList<string> peers)
    {
        var known = 0UL;
        for (var attempt = 1; ; attempt++)
        {
            var epoch = node.PromiseItself(known);
            var answers = await Task.WhenAll(peers.Select(peer => AskAsync(peer, epoch))).ConfigureAwait(false);
            var registered = answers.OfType<FenceAnswer>().Where(answer => members.Has(answer.Incarnation) && answer.Incarnation != node.State.Incarnation && answer.Timeline == node.State.Timeline).ToArray();
            known = registered.Where(answer => !answer.IsGranted).Select(answer => answer.Promised).DefaultIfEmpty().Max();
            if (known >= epoch && attempt < 3) continue;
            var granted = registered.Where(answer => answer.IsGranted).ToArray();
            return (epoch, granted.Length + 1, granted.Select(answer => (answer.LastEpoch, answer.LastSequence)).DefaultIfEmpty().Max());
        }
    }

    private async Task<FenceAnswer?> AskAsync(string peer, ulong epoch)
    {
        try
        {
            var options = _channels.Options(_stop.Token) with { Timeout = TimeSpan.FromSeconds(2) };
            var asked = new ReplicaFence { Epoch = epoch, Leader = ReplicaWire.Of(_node!.State.Incarnation), Address = _address };
            return ReplicaWire.From(await _channels.To(peer).UnaryAsync(ReplicaWire.FencePath, asked, ReplicaFenced.Parser, options).ConfigureAwait(false));
        }
        catch (Exception e) when (e is GrpcStatusException or HttpRequestException)
        {
            _log.LogWarning(LogEvents.LeaderLost, "{Peer} does not answer: {Reason}", peer, e.Message);
            return null;
        }
    }

    /// <summary>Returns when the epoch's first fact is committed.</summary>
    private async Task BeginToLeadAsync(Node node, ulong epoch, bool isAlone)
    {
        var first = node.Lead(epoch, isAlone);
        if (isAlone) await node.ChangeMembersAsync([node.State.Incarnation], singleCopyAccepted: true).ConfigureAwait(false);
        while (node.Shard.Cursors.Committed < first) await Task.Delay(1, _stop.Token).ConfigureAwait(false);
        Meters.CountPromotion();
        _log.LogWarning(LogEvents.PromotionFinished, "this copy leads in epoch {Epoch} from sequence {Sequence} on{Alone}", epoch, first, isAlone ? ", and is the only copy" : "");
    }

    private void OnDeposed(ulong promised) => _ = Task.Run(() => _onFault(new ShardFault(ServerProcess.Deposed, new InvalidOperationException($"another copy was promised epoch {promised}: this one leads no more. Start it with --follow"))));

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickInterval);
        for (var tick = 1; ; tick++)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false);
                _node!.Tick(keepHint: tick % TicksPerHint == 0);
                if (_node.Leader is { } leader && !_isAdmitting) _ = AdmitAsync(leader);
                if (_node.IsShort && _asking.IsCompleted && tick % TicksPerHint == 0) _asking = AskWhetherDeposedAsync(_node);
                if (tick % TicksPerHint == 0 && _refreshing.IsCompleted) _refreshing = RefreshAsync();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (JournalIoException e)
            {
                _onFault(new ShardFault(ShardFault.StorageFailed, e));
                return;
            }
        }
    }

    /// <summary>On a follower: takes over what the leader has changed of tenants and keys; again in a second where it cannot.</summary>
    private async Task RefreshAsync()
    {
        if (!await _changing.WaitAsync(0).ConfigureAwait(false)) return;
        try
        {
            if (_shard is { } shard && _hasEdges) await _edges.RefreshAsync(shard, _shardId!.Value).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or System.Text.Json.JsonException)
        {
            _log.LogWarning(LogEvents.LeaderLost, "what the leader has changed could not be taken over yet: {Reason}", e.Message);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The voters may be silent because they follow another: asking for what was promised already changes nothing, and the answer says it.</summary>
    private async Task AskWhetherDeposedAsync(Node node)
    {
        if (node.Leader is not { } leader) return;
        foreach (var follower in leader.Followers.Where(follower => follower is { IsVoter: true, Address.Length: > 0 }))
        {
            if (await AskAsync(follower.Address, leader.Epoch).ConfigureAwait(false) is { IsGranted: false } answer && answer.Timeline == node.State.Timeline) node.OnStale(answer.Promised);
        }
    }

    /// <summary>A copy that has all that the leader had when it came gets a vote, if those who have one now can say so.</summary>
    private async Task AdmitAsync(Leader leader)
    {
        var members = leader.Members;
        if (members.Voters.Count > 1 && leader.IsShort(_clock.BootNanoseconds, FreshNanoseconds)) return;
        if (Service.Sessions.FirstOrDefault(session => session.HasCaughtUp && !members.Has(session.Follower)) is not { } session || members.Voters.Count >= MembersFact.VotersMax) return;
        _isAdmitting = true;
        try
        {
            IReadOnlyList<Guid> voters = members.Voters.Count == 0 ? [_node!.State.Incarnation, session.Follower] : [.. members.Voters, session.Follower];
            if (await _node!.ChangeMembersAsync(voters, singleCopyAccepted: false).ConfigureAwait(false)) _log.LogWarning(LogEvents.VotersChanged, "the copy {Incarnation} has a vote: {Count} voters", session.Follower, voters.Count);
        }
        finally
        {
            _isAdmitting = false;
        }
    }
}
