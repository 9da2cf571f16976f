using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace PhoenixCore.Server.Webhooks;

/// <summary>Posts one delivery. Never follows redirects, never goes through a proxy, never to a private address: the name is resolved here, and the connection goes to the address that was checked. Any thread.</summary>
public sealed class WebhookSender : IDisposable
{
    private const int AnswerBytesMax = 1_024;
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);
    private readonly HttpClient _http;
    private readonly bool _mayBePrivate;
    private readonly TimeSpan _timeout;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <param name="mayBePrivate">For development: clear text and private addresses are allowed.</param>
    /// <param name="resolve">Addresses of a name; null = as the system has them.</param>
    public WebhookSender(bool mayBePrivate, TimeSpan? timeout = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _mayBePrivate = mayBePrivate;
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
        _timeout = timeout ?? TimeSpan.FromSeconds(15);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // names are resolved and checked again
            MaxConnectionsPerServer = 32,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 64 * 1024, // a longer answer costs the receiver its connection, and nobody here its time
            ConnectCallback = ConnectAsync,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Null when deliveries may go there; else why not. A name is resolved anew at each connection.</summary>
    public string? WhyRefused(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || url.Length > 2_048) return "must be an absolute URL without a user name";
        if (uri.Scheme != Uri.UriSchemeHttps && !(_mayBePrivate && uri.Scheme == Uri.UriSchemeHttp)) return "must be https";
        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && !MayGoTo(IPAddress.Parse(uri.DnsSafeHost))) return "must not be a private address";
        return null;
    }

    public async Task<Attempt> SendAsync(string url, IReadOnlyList<(string Name, string Value)> headers, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body), Version = HttpVersion.Version11 };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            var answer = await ReadAnswerAsync(response, patience.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            var retryAfter = response.Headers.TryGetValues("Retry-After", out var values) ? RetrySchedule.ParseRetryAfter(values.FirstOrDefault(), DateTimeOffset.UtcNow) : null;
            return new Attempt(status, status is >= 200 and < 300 ? null : $"status {status}", answer, Stopwatch.GetElapsedTime(began), retryAfter);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Attempt(0, $"no answer within {_timeout.TotalSeconds:0.#} s", "", Stopwatch.GetElapsedTime(began), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new Attempt(0, (e.InnerException ?? e).Message, "", Stopwatch.GetElapsedTime(began), null);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The receiver's answer is not read to its end, and not waited for: only its status counts.</summary>
    private static async Task<string> ReadAnswerAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var buffer = new byte[AnswerBytesMax];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(AnswerPatience);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            var count = await stream.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
            return Encoding.UTF8.GetString(buffer.AsSpan(0, count));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            ct.ThrowIfCancellationRequested();
            return "";
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await _resolve(context.DnsEndPoint.Host, ct).ConfigureAwait(false);
        // One private address among public ones is refused as a whole: which one a resolver gives first is the attacker's choice.
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, MayGoTo)) throw new IOException("the name resolves to an address that deliveries do not go to");
        var socket = new Socket(addresses[0].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses[0], context.DnsEndPoint.Port, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool MayGoTo(IPAddress address) => _mayBePrivate || PublicAddress.Is(address);
}
