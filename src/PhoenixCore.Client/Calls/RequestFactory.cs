using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace PhoenixCore.Client.Calls;

/// <summary>Makes the HTTP requests of a channel. Any thread.</summary>
internal sealed class RequestFactory(Uri address)
{
    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    private readonly ConcurrentDictionary<string, Uri> _addresses = new();

    internal HttpRequestMessage Make(string path, HttpContent content, CallOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _addresses.GetOrAdd(path, static (path, root) => new Uri(root, path), address))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = ContentType;
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (options.Timeout is { } timeout) request.Headers.TryAddWithoutValidation("grpc-timeout", Format(timeout));
        if (options.Metadata is { } metadata)
        {
            foreach (var (name, value) in metadata) request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>At most eight digits and a unit, as fine as they allow.</summary>
    private static string Format(TimeSpan timeout)
    {
        const long DigitsMax = 99_999_999;
        if (timeout <= TimeSpan.Zero) return "0n";
        var microseconds = Math.Max(1, timeout.Ticks / TimeSpan.TicksPerMicrosecond);
        if (microseconds <= DigitsMax) return microseconds + "u";
        var milliseconds = microseconds / 1000;
        return milliseconds <= DigitsMax ? milliseconds + "m" : Math.Min(milliseconds / 1000, DigitsMax) + "S";
    }
}
