using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Auth.Tokens;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Grpc;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Server.Webhooks;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Hosting;

/// <summary>A running server: one shard, its tenants, and both fronts. Made by <see cref="StartAsync"/>, ended by disposing.</summary>
public sealed class PhoenixServer : IAsyncDisposable
{
    private const string LockName = "lock";
    private const string ShardDirectory = "shards/0";
    private const string WebhookDirectory = "webhooks";

    /// <summary>Would make an activity and a log scope for each request, at whatever level: a twentieth of a unary call for lines that nobody reads.</summary>
    private const string RequestDiagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(10);

    private readonly IDisposable _lock;
    private readonly Operations _operations;
    private readonly WebApplication _app;
    private readonly ApiKeyStore _keys;
    private readonly ForeignIssuer? _foreign;
    private readonly WebhookDispatcher _webhooks;
    private readonly GrpcDispatcher _grpc;
    private bool _ended;

    private PhoenixServer(
        IDisposable held, LedgerShard shard, Operations operations, TenantRegistry tenants, ApiKeyStore keys, ForeignIssuer? foreign, WebhookDispatcher webhooks, WebApplication app, RestFront rest, GrpcDispatcher grpc, string? mintedKey)
    {
        _lock = held;
        Shard = shard;
        _operations = operations;
        Tenants = tenants;
        Rest = rest;
        _keys = keys;
        _foreign = foreign;
        _webhooks = webhooks;
        _app = app;
        _grpc = grpc;
        MintedKey = mintedKey;
        var addresses = app.Urls.Select(url => new Uri(url)).ToArray();
        (RestAddress, GrpcAddress) = (addresses[0], addresses[1]);
    }

    /// <summary>As bound, so with the real port where 0 was asked for.</summary>
    public Uri RestAddress { get; }

    public Uri GrpcAddress { get; }

    public LedgerShard Shard { get; }

    public TenantRegistry Tenants { get; }

    public RestFront Rest { get; }

    /// <summary>The default tenant's key, on the start that made it; null on every other.</summary>
    public string? MintedKey { get; }

    /// <summary>Recovers the ledger and starts both fronts; returns when both accept connections.</summary>
    /// <param name="onFault">Called once when the shard can never answer again; the process has to end then.</param>
    /// <param name="time">For credentials, rates and relative times; null = the system's.</param>
    /// <param name="ledgerClock">What facts are stamped by; null = the system's.</param>
    /// <exception cref="JournalLockedException">Another process uses the data directory.</exception>
    /// <exception cref="JournalDamagedException">Acknowledged data is damaged; nothing was changed.</exception>
    /// <exception cref="JournalIoException">The storage refused.</exception>
    /// <exception cref="SettingsException">The certificate cannot be used or an address cannot be bound.</exception>
    public static async Task<PhoenixServer> StartAsync(ServerSettings settings, Action<ShardFault> onFault, TimeProvider? time = null, IClock? ledgerClock = null)
    {
        var storage = new PosixStorage(settings.DataDirectory);
        var held = storage.Lock(LockName);
        LedgerShard? shard = null;
        ForeignIssuer? foreign = null;
        WebhookDispatcher? webhooks = null;
        try
        {
            var log = LogOf(settings);
            var journalLog = log.CreateLogger("journal");
            var shardId = ShardIdentity.ReadOrMake(storage);
            shard = LedgerShard.Open(new PosixStorage(Path.Combine(settings.DataDirectory, ShardDirectory)), OptionsOf(settings, shardId), ledgerClock ?? new SystemClock(), onFault, line => journalLog.LogInformation("{Line}", line));
            var clock = time ?? TimeProvider.System;
            var limits = new RateLimits(settings.TenantRate, settings.KeyRate, settings.RateBurstSeconds, clock);
            var tenants = await TenantRegistry.OpenAsync(shard, limits);
            var keys = new ApiKeyStore(storage, tenants, limits, clock);
            var minted = keys.IsEmpty && settings.ApiKey == null ? keys.Mint(tenants.Default, ApiKey.NewId(), Scope.Tenant | Scope.Admin, "first key", expiresAt: null).Text : null;
            var issuer = new TokenIssuer(storage, $"phoenixcore:{shardId}", clock);
            if (settings.JwtKeys != null) await (foreign = new ForeignIssuer(settings.JwtIssuer!, settings.JwtAudience!, settings.JwtKeys, log.CreateLogger("tokens"))).StartAsync();
            var authenticator = new Authenticator(keys, settings.ApiKey, tenants.Default, limits, new TokenVerifier(issuer, foreign, keys, tenants, limits, clock), clock);
            var gate = new Gate(authenticator, tenants, settings.TenantUnderWay != 0 ? settings.TenantUnderWay : settings.RingSlots / 2);
            var administration = new Administration(tenants, keys, clock);

            var assets = new AssetDirectory(shard);
            var operations = new Operations(shard, assets, storage);
            var streams = new EventStreams(shard);
            webhooks = WebhooksOf(settings, streams, new RenderScope(assets, shard), tenants, clock, log.CreateLogger("webhooks"), out var webhookServices);
            var desk = new WebhookDesk(webhooks, webhookServices);
            var grpc = GrpcFront.Create(operations, assets, shard, gate, administration, streams, clock, webhooks: desk, log: log.CreateLogger("grpc"));
            var rest = new RestFront(operations, assets, shard, gate, administration, streams, desk, new TokenEndpoint(authenticator, gate, issuer, clock), log.CreateLogger("rest"), clock);
            var app = Build(settings, log, grpc, rest);
            await StartAsync(app, settings);
            rest.IsReady = true;
            return new PhoenixServer(held, shard, operations, tenants, keys, foreign, webhooks, app, rest, grpc, minted);
        }
        catch
        {
            if (webhooks != null) await webhooks.DisposeAsync();
            foreign?.Dispose();
            shard?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Refuses new calls, answers those under way, makes everything durable, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        Rest.IsReady = false;
        Rest.StopStreams();
        using var patience = new CancellationTokenSource(DrainMax);
        await _app.StopAsync(patience.Token);
        await Rest.WhenIdleAsync();
        await _app.DisposeAsync();
        _grpc.Dispose();
        await _webhooks.DisposeAsync();
        _foreign?.Dispose();
        _keys.Save();
        _operations.History.Store();
        Shard.Dispose();
        _lock.Dispose();
    }

    /// <remarks>Kestrel quotes the line that it refuses, at the level of debugging: credentials stand in such lines. Test: <c>No_secret_stands_in_a_file_a_line_or_an_answer</c>.</remarks>
    private static ILoggerFactory LogOf(ServerSettings settings) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(settings.LogLevel)
        .AddFilter(RequestDiagnostics, LogLevel.None)
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", settings.LogLevel < LogLevel.Information ? LogLevel.Information : settings.LogLevel)
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));

    private static WebhookDispatcher WebhooksOf(ServerSettings settings, EventStreams streams, RenderScope scope, TenantRegistry tenants, TimeProvider time, ILogger log, out WebhookServices services)
    {
        var store = new WebhookStore(Path.Combine(settings.DataDirectory, WebhookDirectory));
        var sender = new WebhookSender(settings.WebhookPrivateTargets);
        services = new WebhookServices(streams, new EventRenderer(scope), sender, store, SecretBox.Open(new PosixStorage(settings.DataDirectory)), log, time, settings.WebhookRetryScale)
        {
            Announce = (tenant, endpoint, reason) => WebhookNotices.WriteDisabledAsync(tenants.Books, tenant, endpoint, reason),
        };
        return new WebhookDispatcher(services, tenants.Find);
    }

    private static ShardOptions OptionsOf(ServerSettings settings, Guid shardId) => new()
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
    };

    private static WebApplication Build(ServerSettings settings, ILoggerFactory log, GrpcDispatcher grpc, RestFront rest)
    {
        var certificate = CertificateOf(settings);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainMax);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            KestrelLimits.Apply(kestrel);
            kestrel.Listen(settings.Rest, listen => Secure(listen, HttpProtocols.Http1, certificate));
            kestrel.Listen(settings.Grpc, listen => Secure(listen.ServeGrpcOnly(), HttpProtocols.Http2, certificate));
        });
        var app = builder.Build();
        app.MapGrpc(grpc);
        rest.Map(app);
        return app;
    }

    private static void Secure(ListenOptions listen, HttpProtocols clearText, X509Certificate2? certificate)
    {
        listen.Protocols = certificate == null || clearText == HttpProtocols.Http2 ? clearText : HttpProtocols.Http1AndHttp2;
        if (certificate != null) listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate });
    }

    private static X509Certificate2? CertificateOf(ServerSettings settings)
    {
        if (settings.TlsCertificate is not { } path) return null;
        try
        {
            if (Path.GetExtension(path) is ".pfx" or ".p12") return X509CertificateLoader.LoadPkcs12FromFile(path, settings.TlsPassword);
            return settings.TlsPassword == null ? X509Certificate2.CreateFromPemFile(path, settings.TlsKey) : X509Certificate2.CreateFromEncryptedPemFile(path, settings.TlsPassword, settings.TlsKey);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"--tls-certificate {path}: {e.Message}");
        }
    }

    private static async Task StartAsync(WebApplication app, ServerSettings settings)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new SettingsException($"--rest {settings.Rest} or --grpc {settings.Grpc} cannot be bound: {e.Message}");
        }
    }
}
