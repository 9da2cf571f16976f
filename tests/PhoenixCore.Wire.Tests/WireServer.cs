using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Grpc;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Server.Webhooks;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Wire.Tests;

/// <summary>A real shard in a directory of its own behind a real Kestrel on 127.0.0.1.</summary>
public sealed class WireServer : IAsyncDisposable
{
    public const string Key = "a key of the tests";

    private readonly WebApplication _app;
    private readonly GrpcDispatcher _dispatcher;
    private readonly IAsyncDisposable _webhooks;
    private readonly string _directory;

    private WireServer(WebApplication app, GrpcDispatcher dispatcher, LedgerShard shard, TenantRegistry tenants, Administration administration, IAsyncDisposable webhooks, string directory)
    {
        (_app, _dispatcher, Shard, Tenants, Administration, _webhooks, _directory) = (app, dispatcher, shard, tenants, administration, webhooks, directory);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Uri Address { get; }

    public LedgerShard Shard { get; }

    public TenantRegistry Tenants { get; }

    public TenantContext Tenant => Tenants.Default;

    public Administration Administration { get; }

    public TextKeyStore TextKeys => TextKeysIn(_directory);

    public static async Task<WireServer> StartAsync(LedgerOptions? ledger = null, RateLimits? limits = null, IClock? clock = null)
    {
        var directory = Directory.CreateTempSubdirectory("phoenix-wire-").FullName;
        var options = new ShardOptions
        {
            Journal = new JournalOptions { ShardId = Guid.NewGuid() },
            Ledger = ledger ?? new LedgerOptions { WalletsExpected = 1 << 12, HotKeys = 1 << 16, HugePages = false, RowsMax = 1 << 22 },
        };
        var shard = LedgerShard.Open(new PosixStorage(directory), options, clock ?? new SystemClock(), fault => throw fault.Reason);
        var tenants = await TenantRegistry.OpenAsync(shard, TextKeysIn(directory), limits);
        var assets = new AssetDirectory(shard);
        var time = TimeProvider.System;
        limits ??= RateLimits.None;
        var keys = new ApiKeyStore(new PosixStorage(Path.Combine(directory, "keys")), tenants, limits, time);
        var authenticator = new Authenticator(keys, Key, tenants.Default, limits, tokens: null, time);
        var streams = new EventStreams(shard);
        var store = new WebhookStore(Path.Combine(directory, "webhooks"));
        var services = new WebhookServices(streams, new EventRenderer(new RenderScope(assets, shard)), new WebhookSender(true), store, SecretsIn(directory), NullLogger.Instance, time, retryScale: 1);
        var webhooks = new WebhookDispatcher(services, tenants.Find);
        var administration = new Administration(tenants, keys, webhooks.RemoveAllAsync, time);
        var dispatcher = GrpcFront.Create(new Operations(shard, assets), assets, shard, new Gate(authenticator, tenants, underWayMax: 4_096), administration, streams, time, webhooks: new WebhookDesk(webhooks, services));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.ServeGrpcOnly()));
        var app = builder.Build();
        app.MapGrpc(dispatcher);
        await app.StartAsync();
        return new WireServer(app, dispatcher, shard, tenants, administration, webhooks, directory);
    }

    private static SecretBox SecretsIn(string directory) => SecretBox.Open(new PosixStorage(Path.Combine(directory, "secrets")));

    private static TextKeyStore TextKeysIn(string directory) => new(new PosixStorage(Path.Combine(directory, TextKeyStore.Directory)), SecretsIn(directory));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _dispatcher.Dispose();
        await _webhooks.DisposeAsync();
        Shard.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
