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
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Server.Webhooks;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Hosting;

/// <summary>Everything behind the addresses: the recovered shard, credentials, tenants, events, webhooks, and both fronts.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    private const string ShardDirectory = "shards/0";
    private const string WebhookDirectory = "webhooks";

    private readonly Operations _operations;
    private readonly ApiKeyStore _keys;
    private readonly ForeignIssuer? _foreign;

    private ServerParts(RunningParts running, Operations operations, ApiKeyStore keys, ForeignIssuer? foreign, RestFront rest, GrpcDispatcher grpc, string? mintedKey)
    {
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

    /// <summary>Recovers the ledger and makes everything that stands on it; the data directory is taken already.</summary>
    public static async Task<ServerParts> OpenAsync(ServerSettings settings, Action<ShardFault> onFault, TimeProvider time, IClock ledgerClock, ILoggerFactory log, OpeningProgress progress)
    {
        var storage = new PosixStorage(settings.DataDirectory);
        LedgerShard? shard = null;
        ForeignIssuer? foreign = null;
        WebhookDispatcher? webhooks = null;
        try
        {
            var journalLog = log.CreateLogger("journal");
            var shardId = ShardIdentity.ReadOrMake(storage);
            var place = new PosixStorage(Path.Combine(settings.DataDirectory, ShardDirectory));
            shard = await Task.Run(() => LedgerShard.Open(place, OptionsOf(settings, shardId, log.CreateLogger("shadow")), ledgerClock, onFault, journalLog.LogNote, progress));
            var limits = new RateLimits(settings.TenantRate, settings.KeyRate, settings.RateBurstSeconds, time);
            var secrets = SecretBox.Open(storage);
            var textKeys = new TextKeyStore(new PosixStorage(Path.Combine(settings.DataDirectory, TextKeyStore.Directory)), secrets);
            var tenants = await TenantRegistry.OpenAsync(shard, textKeys, limits);
            var keys = new ApiKeyStore(storage, tenants, limits, time);
            var minted = keys.IsEmpty && settings.ApiKey == null ? keys.Mint(tenants.Default, ApiKey.NewId(), Scope.Tenant | Scope.Admin, "first key", expiresAt: null).Text : null;
            var issuer = new TokenIssuer(storage, $"phoenixcore:{shardId}", time);
            if (settings.JwtKeys != null) await (foreign = new ForeignIssuer(settings.JwtIssuer!, settings.JwtAudience!, settings.JwtKeys, log.CreateLogger("tokens"))).StartAsync();
            var authenticator = new Authenticator(keys, settings.ApiKey, tenants.Default, limits, new TokenVerifier(issuer, foreign, keys, tenants, limits, time), time);
            var gate = new Gate(authenticator, tenants, settings.TenantUnderWay != 0 ? settings.TenantUnderWay : settings.RingSlots / 2);

            var assets = new AssetDirectory(shard);
            var operations = new Operations(shard, assets, storage);
            var streams = new EventStreams(shard);
            webhooks = WebhooksOf(settings, streams, new RenderScope(assets, shard), tenants, secrets, time, log.CreateLogger("webhooks"), out var webhookServices);
            var administration = new Administration(tenants, keys, webhooks.RemoveAllAsync, time);
            await administration.FinishErasuresAsync();
            var desk = new WebhookDesk(webhooks, webhookServices);
            var grpc = GrpcFront.Create(operations, assets, shard, gate, administration, streams, time, webhooks: desk, log: log.CreateLogger("grpc"));
            var rest = new RestFront(operations, assets, shard, gate, administration, streams, desk, new TokenEndpoint(authenticator, gate, issuer, time), log.CreateLogger("rest"), time);
            return new ServerParts(new RunningParts(shard, tenants, gate, webhooks, streams, operations.History), operations, keys, foreign, rest, grpc, minted);
        }
        catch
        {
            if (webhooks != null) await webhooks.DisposeAsync();
            foreign?.Dispose();
            shard?.Dispose();
            throw;
        }
    }

    /// <summary>Once nothing is under way any more.</summary>
    public async ValueTask DisposeAsync()
    {
        Grpc.Dispose();
        await Running.Webhooks.DisposeAsync();
        _foreign?.Dispose();
        _keys.Save();
        _operations.History.Store();
        Shard.Dispose();
    }

    private static WebhookDispatcher WebhooksOf(ServerSettings settings, EventStreams streams, RenderScope scope, TenantRegistry tenants, SecretBox secrets, TimeProvider time, ILogger log, out WebhookServices services)
    {
        var store = new WebhookStore(Path.Combine(settings.DataDirectory, WebhookDirectory));
        var sender = new WebhookSender(settings.WebhookPrivateTargets);
        services = new WebhookServices(streams, new EventRenderer(scope), sender, store, secrets, log, time, settings.WebhookRetryScale)
        {
            Announce = (tenant, endpoint, reason) => WebhookNotices.WriteDisabledAsync(tenants.Books, tenant, endpoint, reason),
        };
        return new WebhookDispatcher(services, tenants.Find);
    }

    private static ShardOptions OptionsOf(ServerSettings settings, Guid shardId, ILogger shadowLog) => new()
    {
        Journal = new JournalOptions
        {
            ShardId = shardId,
            SegmentBytesMin = settings.SegmentMinMebibytes << 20,
            SegmentBytesMax = settings.SegmentMaxMebibytes << 20,
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
