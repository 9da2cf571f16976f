using System.Security.Cryptography.X509Certificates;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Journal;
using PhoenixCore.Replication;
using PhoenixCore.Replication.State;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Logs;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Replicas;

/// <summary>One copy of a shard in a process: opens it, lets it follow or lead, promotes it, and ends the process when another leads.</summary>
internal sealed class ReplicaHost : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int TicksPerHint = 50;

    /// <summary>Of snapshots that may hold a wrong state.</summary>
    private const string SuspectEnding = ".suspect";

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
    private readonly DigestExchange _digests;
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
    private Promotion? _promotion;
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
        Service = new LeaderService(() => _node is { } node && _shard is not null ? node : null, () => _shardId, settings, _channels, _digests = new DigestExchange(() => _node, settings.DigestEvery, settings.HotKeys, Meters, log), Meters, log);
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
        _promotion = new Promotion(_node, Service, _channels, Meters, _log, _stop.Token);
        IncomingBase.Finish(ShardDirectory, _node); // one that a crash has interrupted
        await OpenShardAsync().ConfigureAwait(false);
        _ticked = Task.Run(TickAsync);
        if (isFollower)
        {
            Follow();
            while (!await TryOpenEdgesAsync().ConfigureAwait(false)) await Task.Delay(Pause, _stop.Token).ConfigureAwait(false);
            return;
        }

        await _promotion.GatherAsync().ConfigureAwait(false);
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

            if (!node.State.Members.Has(node.State.Incarnation)) throw new PromotionRefusedException("this copy has no vote: it was never caught up with its leader, or was made anew since");
            await LeadAsync(acceptSingleCopy, peers).ConfigureAwait(false);
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

    private string ShardDirectory => Path.Combine(_settings.DataDirectory, ServerParts.ShardDirectory);

    private PosixStorage ShardPlace() => new(ShardDirectory);

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
                _link = new FollowerLink(_node!, _shardId!.Value, _settings.DataDirectory, _channels, Meters, _log) { FileTaken = _edges.OnFile, HotKeys = _digests.HotKeys };
                if (await _link.RunAsync(ct).ConfigureAwait(false) is not { } end) return;
                await ReopenAsync(() => Prepare(end)).ConfigureAwait(false);
            }
        }
        catch (OtherStateException e)
        {
            SetSnapshotsAside(e.Agreed);
            _log.LogError(LogEvents.DigestsDiffer, "{Reason}", e.Message);
            _onFault(new ShardFault(ShardFault.InvariantBroken, e));
        }
        catch (Exception e)
        {
            _onFault(new ShardFault(e is JournalIoException ? ShardFault.StorageFailed : ShardFault.InvariantBroken, e));
        }
    }

    /// <summary>They may hold what differs: the next start makes the state again from what came before.</summary>
    private void SetSnapshotsAside(ulong agreed)
    {
        var place = ShardPlace();
        foreach (var name in SnapshotNames.In(place).Where(name => SnapshotNames.TryParse(name, out var sequence) && sequence > agreed)) place.Rename(name, name + SuspectEnding);
        place.SyncDirectory();
    }

    /// <summary>With the shard closed: what this copy has behind a sequence was never committed and goes into quarantine, or a later state takes the place of all it has.</summary>
    private void Prepare(FollowEnd end)
    {
        if (end.CutAfter is not { } after)
        {
            var sequence = IncomingBase.Finish(ShardDirectory, _node!);
            _log.LogWarning(LogEvents.BaseTaken, "this copy was sent a snapshot at sequence {Sequence} and the journal up to it, and goes on from there", sequence);
            return;
        }

        var cut = JournalTail.Cut(ShardPlace(), _shardId!.Value, after);
        Meters.CountTruncated(cut.Records);
        _log.LogWarning(LogEvents.TailCut, "{Records} records behind sequence {Sequence} were never committed and were cut; their {Bytes} bytes are in {Files}", cut.Records, after, cut.Bytes, string.Join(", ", cut.Files));
    }

    private Task<bool> ReopenAsync(Action prepare) => InTurnAsync(async () =>
    {
        var hadEdges = _hasEdges;
        if (hadEdges) await _edges.CloseAsync().ConfigureAwait(false);
        _node!.Detach();
        _shard!.Dispose();
        _shard = null;
        prepare();
        await OpenShardAsync().ConfigureAwait(false);
        if (hadEdges) await OpenEdgesAsync().ConfigureAwait(false);
        return hadEdges;
    });

    /// <summary>Ends following, and leads; or follows again where it may not.</summary>
    private async Task LeadAsync(bool acceptSingleCopy, IReadOnlyList<string> peers)
    {
        await _following.CancelAsync().ConfigureAwait(false);
        await _followed.ConfigureAwait(false);
        try
        {
            await _promotion!.LeadAsync(acceptSingleCopy, peers).ConfigureAwait(false);
        }
        catch (PromotionRefusedException)
        {
            Follow();
            throw;
        }

        await InTurnAsync(async () =>
        {
            if (_hasEdges) await _edges.CloseAsync().ConfigureAwait(false);
            await OpenEdgesAsync().ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
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
                _digests.Tick();
                if (_node.IsShort && _asking.IsCompleted && tick % TicksPerHint == 0) _asking = _promotion!.AskWhetherDeposedAsync();
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
