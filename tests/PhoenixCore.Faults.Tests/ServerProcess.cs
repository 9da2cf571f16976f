using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PhoenixCore.Faults.Tests;

/// <summary>The server as its users run it, on a free port of the loopback; ended by disposing.</summary>
internal sealed class ServerProcess : IDisposable
{
    public const string Key = "key-of-the-fault-rounds";

    /// <summary>Of servers that are started with <c>--durability</c>.</summary>
    public const string Secret = "secret-of-the-copies";
    private const string Ready = "ready";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromMinutes(3);
    private bool _isDisposed;
    private readonly Process _process;
    private readonly HttpClient? _http;
    private readonly Task _reading;
    private readonly StringBuilder _said = new();

    private ServerProcess(string directory, string? fault, int heapMebibytes, string[] more, string? log = null, bool mayEnd = false)
    {
        string[] arguments = ["--data", directory, "--rest", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--huge-pages", "false", "--wallets-expected", "1024", "--segment-min-mib", "2", "--segment-max-mib", "2", .. more];
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PHOENIX_TEST_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name); // the server refuses variables that are not its own
        start.Environment["PHOENIX_API_KEY"] = Key;
        if (more.Contains("--durability")) start.Environment["PHOENIX_REPLICATION_SECRET"] = Secret;
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (heapMebibytes > 0)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = string.Create(CultureInfo.InvariantCulture, $"0x{(long)heapMebibytes << 20:X}");
            start.Environment["DOTNET_GCgen0size"] = "0x400000"; // what stays is looked for, not the room that a young generation may fill before it is collected
        }

        if (fault != null || log != null) start.Environment["LD_PRELOAD"] = Shim.Path;
        if (fault != null) start.Environment["FAULT"] = fault;
        if (log != null) start.Environment["FAULT_LOG"] = log;

        _process = Process.Start(start)!;
        using var tooLate = new Timer(_ => _process.Kill(), null, ReadyPatience, Timeout.InfiniteTimeSpan); // then the lines end, and the test says what was there
        var errors = ReadAsync(_process.StandardError);
        var (rest, grpc) = ("", "");
        for (string? line; (line = _process.StandardOutput.ReadLine()) != Ready;)
        {
            Assert.True(line != null || mayEnd, $"the server ended before it was ready: {Said}");
            if (line == null)
            {
                _reading = errors;
                return;
            }

            Say(line);
            if (line.StartsWith("rest: ", StringComparison.Ordinal)) rest = line["rest: ".Length..];
            if (line.StartsWith("grpc: ", StringComparison.Ordinal)) grpc = line["grpc: ".Length..];
        }

        _reading = Task.WhenAll(errors, ReadAsync(_process.StandardOutput));
        (Rest, Grpc) = (new Uri(rest), new Uri(grpc));
        _http = Client(Patience);
        IsReady = true;
    }

    /// <summary>False when it ended before, and may have; then nothing can be asked of it.</summary>
    public bool IsReady { get; }

    public Uri Rest { get; } = null!;

    public Uri Grpc { get; } = null!;

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>All lines so far, of both outputs; whole after <see cref="WaitEnd"/>.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <param name="fault">Rules of the shim; null = no faults.</param>
    /// <param name="more">Flags beside the usual ones.</param>
    public static ServerProcess Start(string directory, string? fault = null, params string[] more) => new(directory, fault, heapMebibytes: 0, more);

    /// <summary>One that a fault may end before it is ready: its background makes calls too, and not always equally many before that.</summary>
    public static ServerProcess StartMortal(string directory, string fault) => new(directory, fault, heapMebibytes: 0, [], mayEnd: true);

    /// <summary>One whose storage calls the shim writes down.</summary>
    public static ServerProcess StartLogged(string directory, string log) => new(directory, fault: null, heapMebibytes: 0, [], log);

    /// <summary>One whose managed heap may not grow past a size: it dies when it does.</summary>
    public static ServerProcess StartWithin(int heapMebibytes, string directory, params string[] more) => new(directory, fault: null, heapMebibytes, more);

    /// <summary>A client of its own, with the key.</summary>
    public HttpClient Client(TimeSpan timeout)
    {
        var handler = new HttpClientHandler();
        if (Rest.Scheme == Uri.UriSchemeHttps) handler.ServerCertificateCustomValidationCallback = (_, _, _, _) => true;
        var http = new HttpClient(handler) { BaseAddress = Rest, Timeout = timeout };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return http;
    }

    /// <returns>Null when no whole answer came: the server has gone.</returns>
    public async Task<(int Status, string Body)?> PostAsync(string path, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var response = await _http!.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task<string> GetAsync(string path) => _http!.GetStringAsync(path);

    /// <param name="name">Such as TERM, STOP, CONT.</param>
    public void Signal(string name) => SystemCommand.Run("kill", "-" + name, Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>kill −9.</summary>
    public void Kill() => _process.Kill();

    public int WaitEnd()
    {
        Assert.True(_process.WaitForExit(Patience), "the server does not end");
        Assert.True(_reading.Wait(Patience), "the server's lines do not end");
        return _process.ExitCode;
    }

    /// <summary>Twice does no harm: what went wrong in between is what has to be seen.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _http?.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Say(string line)
    {
        lock (_said) _said.AppendLine(line);
    }

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line) Say(line);
    }
}
