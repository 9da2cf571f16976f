using System.Net;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Tests;

/// <summary>A real server on free ports over real files; it can be stopped and started again on the same directory.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string GivenKey = "a-key-of-the-tests";
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "phoenix-server-tests-" + Guid.NewGuid().ToString("N"));
    private readonly string? _givenKey;
    private readonly Func<ServerSettings, ServerSettings>? _change;
    private readonly TimeProvider? _time;
    private readonly IClock? _clock;
    private bool _isStopped;

    private TestServer(string? givenKey, Func<ServerSettings, ServerSettings>? change, TimeProvider? time, IClock? clock) =>
        (_givenKey, _change, _time, _clock) = (givenKey, change, time, clock);

    public PhoenixServer Server { get; private set; } = null!;

    public string DataDirectory => _directory;

    /// <summary>A client of the default tenant.</summary>
    public TestClient Client { get; private set; } = null!;

    /// <summary>The key that the first start made; null when one was given.</summary>
    public string? FirstKey { get; private set; }

    public static async Task<TestServer> StartAsync(string? givenKey = GivenKey, Func<ServerSettings, ServerSettings>? change = null, TimeProvider? time = null, IClock? clock = null)
    {
        var server = new TestServer(givenKey, change, time, clock);
        await server.RunAsync();
        return server;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await RunAsync();
    }

    public TestClient ClientWith(string? key) => new(Server.RestAddress, key);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public async Task StopAsync()
    {
        if (_isStopped) return;
        _isStopped = true;
        Client.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>As this server was started.</summary>
    public ServerSettings Settings()
    {
        var settings = new ServerSettings
        {
            DataDirectory = _directory,
            Rest = new IPEndPoint(IPAddress.Loopback, 0),
            Grpc = new IPEndPoint(IPAddress.Loopback, 0),
            ApiKey = _givenKey,
            WalletsExpected = 1_024,
            HotKeys = 1_024,
            HugePages = false,
            SegmentMinMebibytes = 2,
            SegmentMaxMebibytes = 4,
        };
        return _change?.Invoke(settings) ?? settings;
    }

    private async Task RunAsync()
    {
        _isStopped = false;
        Server = await PhoenixServer.StartAsync(Settings(), fault => Environment.FailFast($"the shard under test stopped: {fault.Reason}"), _time, _clock);
        FirstKey ??= Server.Started.MintedKey;
        Client = ClientWith(_givenKey ?? FirstKey);
    }
}
