using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Auth.Tokens;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Grpc;
using PhoenixCore.Server.Health;
using PhoenixCore.Server.Logs;
using PhoenixCore.Server.Metrics;
using PhoenixCore.Server.Replicas;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Server.Webhooks;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Hosting;

/// <summary>What stands on a recovered shard: credentials, tenants, events, webhooks, and both fronts.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    public const string ShardDirectory = "shards/0";
    private const string WebhookDirectory = "webhooks";
    private const int RecentMebibytes = 32;

    private readonly Operations _operations;
    private readonly ApiKeyStore _keys;
    private readonly ForeignIssuer? _foreign;
    private readonly bool _isFollower;

    private ServerParts(RunningParts running, Operations operations, ApiKeyStore keys, ForeignIssuer? foreign, RestFront rest, GrpcDispatcher grpc, string? mintedKey, bool isFollower)
    {
        _isFollower = isFollower;
        Running = running;
        _operations = operations;
        _keys = keys;
        _foreign = foreign;
        Rest = rest;
        Grpc = grpc;
        MintedKey = mintedKey;
    }

    public RunningParts Running { get; }

    public LedgerShard Shard => Running.Shard;

    public TenantRegistry Tenants => Running.Tenants;

    public RestFront Rest { get; }

    public GrpcDispatcher Grpc { get; }

    /// <summary>The default tenant's key, on the start that made it; null on every other.</summary>
    public string? MintedKey { get; }

    /// <summary>Recovers the ledger; the data directory is taken already.</summary>
    public static Task<LedgerShard> OpenShardAsync(ServerSettings settings, Guid shardId, Action<ShardFault> onFault, IClock ledgerClock, ILoggerFactory log, OpeningProgress progress, IShardReplication? replication)
    {
        var journalLog = log.CreateLogger("journal");
        var place = new PosixStorage(Path.Combine(settings.DataDirectory, ShardDirectory));
        var options = OptionsOf(settings, shardId, log.CreateLogger("shadow")) with { Replication = replication };
        return Task.Run(() => LedgerShard.Open(place, options, ledgerClock, onFault, journalLog.LogNote, progress));
    }

    /// <summary>Makes everything that stands on a shard, which stays its opener's.</summary>
    /// <param name="host">What connects the shard with its other copies; null = there are none.</param>
    /// <param name="isFollower">Nothing that writes is taken, nothing is sent out, and no key is minted.</param>
    public static async Task<ServerParts> OpenAsync(ServerSettings settings, LedgerShard shard, Guid shardId, TimeProvider time, ILoggerFactory log, ReplicaHost? host = null, bool isFollower = false)
    {
        var storage = new PosixStorage(settings.DataDirectory);
        ForeignIssuer? foreign = null;
        WebhookDispatcher? webhooks = null;
        try
        {
            var limits = new RateLimits(settings.TenantRate, settings.KeyRate, settings.RateBurstSeconds, time);
            var secrets = SecretBox.Open(storage);
            var textKeys = new TextKeyStore(new PosixStorage(Path.Combine(settings.DataDirectory, TextKeyStore.Directory)), secrets);
            var tenants = await TenantRegistry.OpenAsync(shard, textKeys, limits);
            var keys = new ApiKeyStore(storage, tenants, limits, time);
            var minted = !isFollower && keys.IsEmpty && settings.ApiKey == null ? keys.Mint(tenants.Default, ApiKey.NewId(), Scope.Tenant | Scope.Admin, "first key", expiresAt: null).Text : null;
            var issuer = new TokenIssuer(storage, $"phoenixcore:{shardId}", time);
            if (settings.JwtKeys != null) await (foreign = new ForeignIssuer(settings.JwtIssuer!, settings.JwtAudience!, settings.JwtKeys, log.CreateLogger("tokens"))).StartAsync();
            var authenticator = new Authenticator(keys, settings.ApiKey, tenants.Default, limits, new TokenVerifier(issuer, foreign, keys, tenants, limits, time), time);
            var gate = new Gate(authenticator, tenants, settings.TenantUnderWay != 0 ? settings.TenantUnderWay : settings.RingSlots / 2);

            var assets = new AssetDirectory(shard);
            var operations = new Operations(shard, assets, storage);
            var streams = new EventStreams(shard);
            webhooks = WebhooksOf(settings, streams, new RenderScope(assets, shard), isFollower ? _ => null : tenants.Find, tenants, secrets, time, log.CreateLogger("webhooks"), out var webhookServices);
            var administration = new Administration(tenants, keys, webhooks.RemoveAllAsync, time);
            if (!isFollower) await administration.FinishErasuresAsync();
            var desk = new WebhookDesk(webhooks, webhookServices);
            var grpc = GrpcFront.Create(operations, assets, shard, gate, administration, streams, time, webhooks: desk, log: log.CreateLogger("grpc"), replica: host);
            var rest = new RestFront(operations, assets, shard, gate, administration, streams, desk, new TokenEndpoint(authenticator, gate, issuer, time), log.CreateLogger("rest"), time, host);
            return new ServerParts(new RunningParts(shard, tenants, gate, webhooks, streams, operations.History), operations, keys, foreign, rest, grpc, minted, isFollower);
        }
        catch
        {
            if (webhooks != null) await webhooks.DisposeAsync();
            foreign?.Dispose();
            throw;
        }
    }

    /// <summary>Once nothing is under way any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Grpc.Dispose();
        await Running.Webhooks.DisposeAsync();
        _foreign?.Dispose();
        if (_isFollower) return;
        _keys.Save();
        _operations.History.Store();
    }

    /// <summary>On a follower: takes over what the leader has changed of tenants and keys.</summary>
    public async Task RefreshAsync()
    {
        await Tenants.RefreshAsync();
        _keys.Reload(Tenants);
    }

    private static WebhookDispatcher WebhooksOf(ServerSettings settings, EventStreams streams, RenderScope scope, Func<uint, TenantContext?> tenantOf, TenantRegistry tenants, SecretBox secrets, TimeProvider time, ILogger log, out WebhookServices services)
    {
        var store = new WebhookStore(Path.Combine(settings.DataDirectory, WebhookDirectory));
        var sender = new WebhookSender(settings.WebhookPrivateTargets);
        services = new WebhookServices(streams, new EventRenderer(scope), sender, store, secrets, log, time, settings.WebhookRetryScale)
        {
            Announce = (tenant, endpoint, reason) => WebhookNotices.WriteDisabledAsync(tenants.Books, tenant, endpoint, reason),
        };
        return new WebhookDispatcher(services, tenantOf);
    }

    private static ShardOptions OptionsOf(ServerSettings settings, Guid shardId, ILogger shadowLog) => new()
    {
        Journal = new JournalOptions
        {
            ShardId = shardId,
            SegmentBytesMin = settings.SegmentMinMebibytes << 20,
            SegmentBytesMax = settings.SegmentMaxMebibytes << 20,
            RecentBytes = RecentMebibytes << 20,
            GroupBytesMax = Math.Min(settings.SegmentMinMebibytes / 2, 2) << 20, // a segment has room for a group and its own header
            KeyRetention = settings.KeyRetention,
            Writer = settings.Writer,
        },
        Ledger = new LedgerOptions { WalletsExpected = settings.WalletsExpected, HotKeys = settings.HotKeys, HugePages = settings.HugePages },
        RingSlots = settings.RingSlots,
        SnapshotEveryBytes = (long)settings.SnapshotEveryMebibytes << 20,
        SnapshotsKept = settings.SnapshotsKept,
        ShadowEveryFacts = settings.ShadowEvery,
        OnShadowMismatch = new ShadowReports(Path.Combine(settings.DataDirectory, ShadowReports.Directory), shadowLog).Write,
    };
}
