using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Server.Health;
using PhoenixCore.Server.Logs;
using PhoenixCore.Server.Metrics;
using PhoenixCore.Server.Replicas;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Hosting;

/// <summary>A running server: one shard, its tenants, and both fronts. Made by <see cref="StartAsync(ServerSettings, Action{ShardFault}, TimeProvider?, IClock?, Action{PhoenixServer}?, JsonLines?)"/>, ended by disposing.</summary>
public sealed partial class PhoenixServer : IAsyncDisposable
{
    private const string LockName = "lock";

    /// <summary>Would make an activity and a log scope for each request, at whatever level: a twentieth of a unary call for lines that nobody reads.</summary>
    private const string RequestDiagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReplicaPatience = TimeSpan.FromSeconds(2);

    private readonly ServerSettings _settings;
    private readonly Action<ShardFault> _onFault;
    private readonly TimeProvider _time;
    private readonly IClock _ledgerClock;
    private readonly ILoggerFactory _log;
    private readonly IDisposable _lock;
    private readonly MetricSources _sources;
    private readonly ServerHealth _health;
    private readonly MeterBoard _board;
    private readonly HostFront _front;
    private readonly WebApplication _app;
    private readonly X509Certificate2? _certificate;
    private ReplicaHost? _replica;
    private LedgerShard? _shard;
    private volatile ServerParts? _parts;
    private bool _ended;

    private PhoenixServer(ServerSettings settings, IDisposable held, JsonLines? lines, Action<ShardFault> onFault, TimeProvider time, IClock ledgerClock)
    {
        _lock = held;
        (_settings, _onFault, _time, _ledgerClock) = (settings, onFault, time, ledgerClock);
        _certificate = CertificateOf(settings);
        _log = LogOf(settings, lines);
        _sources = new MetricSources { Opening = new OpeningProgress(), DataDirectory = settings.DataDirectory };
        _health = new ServerHealth(_sources.Opening, settings.Stall, _log.CreateLogger("health"), () => _replica?.Link is not null);
        _board = new MeterBoard([.. ShardFamilies.Of(_sources), .. ReplicationFamilies.Of(_sources), .. EdgeFamilies.Of(_sources)]);
        _front = new HostFront(new Probes(_health), new MetricsEndpoint(_board, _sources));
        if (settings.IsReplicated)
        {
            _sources.Replica = _replica = new ReplicaHost(settings, new Edges(this), ledgerClock, onFault, _certificate, _log.CreateLogger("replication"));
            _front.Serve(ReplicaWire.Prefix, _replica.Service.Dispatcher);
        }

        _app = Build(settings, _log, _front, _certificate);
    }

    /// <summary>As bound, so with the real port where 0 was asked for.</summary>
    public Uri RestAddress { get; private set; } = null!;

    public Uri GrpcAddress { get; private set; } = null!;

    public LedgerShard Shard => Parts.Shard;

    public TenantRegistry Tenants => Parts.Tenants;

    public RestFront Rest => Parts.Rest;

    /// <summary>What the start found and made. A copy may have closed and opened its shard again since, so this is kept apart from it.</summary>
    public StartReport Started { get; private set; } = null!;

    /// <summary>False when a loop of the shard has stood still for longer than it may.</summary>
    public bool IsAlive => _health.IsAlive;

    /// <summary>How much of snapshot and journal the start has read, 0 to 1.</summary>
    public double OpenedShare => _sources.Opening.Share;

    private ServerParts Parts => _parts ?? throw new InvalidOperationException("the server has not recovered yet");

    /// <summary>Takes the directory and the addresses, recovers the ledger and opens both fronts; returns when both answer. Probes and metrics are answered from the moment that the addresses are taken.</summary>
    /// <param name="onFault">Called once when the shard can never answer again; the process has to end then.</param>
    /// <param name="time">For credentials, rates and relative times; null = the system's.</param>
    /// <param name="ledgerClock">What facts are stamped by; null = the system's.</param>
    /// <param name="onListening">Called when the addresses are known and recovery begins.</param>
    /// <param name="lines">Where events go when they are wanted as JSON; null = standard output.</param>
    /// <exception cref="JournalLockedException">Another process uses the data directory.</exception>
    /// <exception cref="JournalDamagedException">Acknowledged data is damaged; nothing was changed.</exception>
    /// <exception cref="JournalIoException">The storage refused.</exception>
    /// <exception cref="SettingsException">The certificate cannot be used or an address cannot be bound.</exception>
    public static async Task<PhoenixServer> StartAsync(ServerSettings settings, Action<ShardFault> onFault, TimeProvider? time = null, IClock? ledgerClock = null, Action<PhoenixServer>? onListening = null, JsonLines? lines = null)
    {
        var held = new PosixStorage(settings.DataDirectory).Lock(LockName);
        PhoenixServer? server = null;
        try
        {
            server = new PhoenixServer(settings, held, lines, onFault, time ?? TimeProvider.System, ledgerClock ?? new SystemClock());
            await server.ListenAsync(settings);
            onListening?.Invoke(server);
            await server.OpenAsync();
            return server;
        }
        catch
        {
            if (server is null) held.Dispose();
            else await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses new calls, answers those under way, makes everything durable, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        _health.Stopping();
        _parts?.Rest.StopStreams();
        using var patience = new CancellationTokenSource(DrainMax);
        await _app.StopAsync(patience.Token);
        if (_parts is { } parts) await WhenIdleAsync(parts, ReplicaPatience);
        await _app.DisposeAsync();
        _board.Dispose();
        _health.Dispose();
        if (_parts is not null) await _parts.DisposeAsync();
        if (_replica is not null) await _replica.DisposeAsync();
        else _shard?.Dispose();
        _log.Dispose();
        _lock.Dispose();
    }

    private async Task ListenAsync(ServerSettings settings)
    {
        try
        {
            await _app.StartAsync();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new SettingsException($"--rest {settings.Rest} or --grpc {settings.Grpc} cannot be bound: {e.Message}");
        }

        var addresses = _app.Urls.Select(url => new Uri(url)).ToArray();
        (RestAddress, GrpcAddress) = (addresses[0], addresses[1]);
    }

    private async Task OpenAsync()
    {
        SettingsFile.Write(new PosixStorage(_settings.DataDirectory), _settings.Given, EdgeFamilies.Version);
        if (_replica is { } replica)
        {
            await replica.StartAsync(_settings.Advertise ?? GrpcAddress.ToString());
            return;
        }

        var shardId = ShardIdentity.ReadOrMake(new PosixStorage(_settings.DataDirectory));
        _shard = await ServerParts.OpenShardAsync(_settings, shardId, _onFault, _ledgerClock, _log, _sources.Opening, replication: null);
        await OpenPartsAsync(_shard, shardId, isFollower: false);
    }

    private async Task OpenPartsAsync(LedgerShard shard, Guid shardId, bool isFollower)
    {
        _parts = await ServerParts.OpenAsync(_settings, shard, shardId, _time, _log, _replica, isFollower);
        Started ??= new StartReport(shard.Recovery, shard.RecoveredFrom, _parts.MintedKey);
        _sources.Parts = _parts.Running;
        _front.Open(_parts.Rest, _parts.Grpc);
        _health.Started(shard);
    }

    /// <summary>With too few copies, requests may wait for ever: they are not waited for.</summary>
    private async Task WhenIdleAsync(ServerParts parts, TimeSpan patience)
    {
        var idle = parts.Rest.WhenIdleAsync();
        if (_replica is null) await idle;
        else await Task.WhenAny(idle, Task.Delay(patience));
    }

    /// <remarks>Kestrel quotes the line that it refuses, at the level of debugging: credentials stand in such lines. Test: <c>No_secret_stands_in_a_file_a_line_or_an_answer</c>.</remarks>
    private static ILoggerFactory LogOf(ServerSettings settings, JsonLines? lines) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(settings.LogLevel)
        .AddFilter(RequestDiagnostics, LogLevel.None)
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", settings.LogLevel < LogLevel.Information ? LogLevel.Information : settings.LogLevel)
        .AddLines(settings.LogFormat == LogFormat.Json ? lines ?? JsonLines.OfProcess() : null));

    private static WebApplication Build(ServerSettings settings, ILoggerFactory log, HostFront front, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainMax);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            KestrelLimits.Apply(kestrel);
            kestrel.Listen(settings.Rest, listen => Secure(listen, HttpProtocols.Http1, certificate));
            kestrel.Listen(settings.Grpc, listen => Secure(listen.ServeGrpcOnly(), HttpProtocols.Http2, certificate, asksForCertificate: settings.ReplicationCa != null));
        });
        var app = builder.Build();
        front.Map(app);
        return app;
    }

    private static void Secure(ListenOptions listen, HttpProtocols clearText, X509Certificate2? certificate, bool asksForCertificate = false)
    {
        listen.Protocols = certificate == null || clearText == HttpProtocols.Http2 ? clearText : HttpProtocols.Http1AndHttp2;
        if (certificate == null) return;
        var options = new HttpsConnectionAdapterOptions { ServerCertificate = certificate };
        if (asksForCertificate) // which authority gave it out is looked at where copies are let in: clients have none
        {
            options.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            options.ClientCertificateValidation = (_, _, _) => true;
        }

        listen.UseHttps(options);
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
}
