using PhoenixCore.Server.Logs;

namespace PhoenixCore.Server.Auth.Tokens;

/// <summary>Another issuer of tokens, with its JWK set from a file or an address, read again every minute, and sooner when a token names a key that is not in it. Any thread.</summary>
/// <remarks>A set that cannot be read leaves the last good one in force.</remarks>
public sealed class ForeignIssuer : IDisposable
{
    private const int BytesMax = 256 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private readonly string _place;
    private readonly TimeSpan _soonestAfter;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private byte[] _lastRead = [];
    private volatile IReadOnlyList<VerificationKey> _keys = [];

    /// <param name="place">A path, an https address, or an http address of this machine.</param>
    /// <param name="soonestAfter">Least time between two readings, whatever tokens ask for; null = 5 s.</param>
    public ForeignIssuer(string name, string audience, string place, ILogger log, TimeSpan? soonestAfter = null) =>
        (Name, Audience, _place, _log, _soonestAfter) = (name, audience, place, log, soonestAfter ?? TimeSpan.FromSeconds(5));

    /// <summary>Other keys count from now on.</summary>
    public event Action? KeysChanged;

    public string Name { get; }

    public string Audience { get; }

    /// <summary>Whether keys can be had from there: a path, or an address that nobody on the way can change.</summary>
    public static bool IsPlace(string place) =>
        !place.Contains("://", StringComparison.Ordinal) || (Uri.TryCreate(place, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback)));

    /// <summary>Reads the keys once and then for ever in the background.</summary>
    public async Task StartAsync()
    {
        await RefreshAsync().ConfigureAwait(false);
        _ = Task.Run(KeepFreshAsync);
    }

    public IReadOnlyList<VerificationKey> KeysFor(string? keyId)
    {
        var keys = _keys;
        if (keyId != null && keys.All(key => key.Id != keyId) && _wanted.CurrentCount == 0)
        {
            try
            {
                _wanted.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another token has asked already.
            }
        }

        return keys;
    }

    public void Dispose() => _stop.Cancel();

    private async Task KeepFreshAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_soonestAfter, _stop.Token).ConfigureAwait(false);
                await _wanted.WaitAsync(Period, _stop.Token).ConfigureAwait(false);
                await RefreshAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            var json = await ReadAsync().ConfigureAwait(false);
            if (json.AsSpan().SequenceEqual(_lastRead)) return;
            _keys = JsonWebKeys.Parse(json);
            _lastRead = json;
            KeysChanged?.Invoke();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or HttpRequestException or OperationCanceledException)
        {
            _log.LogWarning(LogEvents.IssuerKeysUnreadable, "the keys of {Issuer} could not be read from {Place}: {Why}", Name, _place, e.Message);
        }
    }

    private async Task<byte[]> ReadAsync()
    {
        if (!_place.Contains("://", StringComparison.Ordinal))
        {
            if (new FileInfo(_place).Length > BytesMax) throw new InvalidDataException($"it is larger than {BytesMax} bytes");
            return await File.ReadAllBytesAsync(_place, _stop.Token).ConfigureAwait(false);
        }

        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        using var http = new HttpClient(handler) { Timeout = Timeout, MaxResponseContentBufferSize = BytesMax };
        using var response = await http.GetAsync(new Uri(_place), _stop.Token).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw new InvalidDataException($"the answer was {(int)response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync(_stop.Token).ConfigureAwait(false);
    }
}
