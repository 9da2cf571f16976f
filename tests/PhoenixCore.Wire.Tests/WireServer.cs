using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Grpc;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Wire.Tests;

/// <summary>A real shard in a directory of its own behind a real Kestrel on 127.0.0.1.</summary>
public sealed class WireServer : IAsyncDisposable
{
    public const string Key = "a key of the tests";

    private readonly WebApplication _app;
    private readonly GrpcDispatcher _dispatcher;
    private readonly string _directory;

    private WireServer(WebApplication app, GrpcDispatcher dispatcher, LedgerShard shard, TenantContext tenant, string directory)
    {
        (_app, _dispatcher, Shard, Tenant, _directory) = (app, dispatcher, shard, tenant, directory);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Uri Address { get; }

    public LedgerShard Shard { get; }

    public TenantContext Tenant { get; }

    public static async Task<WireServer> StartAsync(LedgerOptions? ledger = null)
    {
        var directory = Directory.CreateTempSubdirectory("phoenix-wire-").FullName;
        var options = new ShardOptions
        {
            Journal = new JournalOptions { ShardId = Guid.NewGuid() },
            Ledger = ledger ?? new LedgerOptions { WalletsExpected = 1 << 12, HotKeys = 1 << 16, HugePages = false, RowsMax = 1 << 22 },
        };
        var shard = LedgerShard.Open(new PosixStorage(directory), options, new SystemClock(), fault => throw fault.Reason);
        var tenants = await TenantRegistry.OpenAsync(shard);
        var assets = new AssetDirectory(shard);
        var authenticator = new ApiKeyAuthenticator([], tenants.All, Key, TimeProvider.System);
        var dispatcher = GrpcFront.Create(new Operations(shard, assets), assets, shard, authenticator, new EventStreams(shard));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.ServeGrpcOnly()));
        var app = builder.Build();
        app.MapGrpc(dispatcher);
        await app.StartAsync();
        return new WireServer(app, dispatcher, shard, tenants.Default, directory);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _dispatcher.Dispose();
        Shard.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
