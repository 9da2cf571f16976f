using System.Net;
using System.Net.Http.Headers;

namespace PhoenixCore.Grpc.Tests;

/// <summary>An answer as it stood on the wire; the status is taken from the headers or else from the trailers.</summary>
public sealed record RawAnswer(HttpStatusCode Http, string? Status, string? Message, bool TrailersOnly, byte[] Body, HttpResponseHeaders Headers)
{
    public static async Task<RawAnswer> SendAsync(Uri server, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        var contentType = "application/grpc";
        foreach (var (name, value) in headers)
        {
            if (name == ":method") request.Method = new HttpMethod(value);
            else if (name == "content-type") contentType = value;
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        using var response = await http.SendAsync(request, default);
        var reply = await response.Content.ReadAsByteArrayAsync();
        var inHeaders = response.Headers.Contains("grpc-status");
        HttpHeaders from = inHeaders ? response.Headers : response.TrailingHeaders;
        return new RawAnswer(response.StatusCode, Find(from, "grpc-status"), Find(from, "grpc-message"), inHeaders, reply, response.Headers);
    }

    private static string? Find(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.Single() : null;
}
