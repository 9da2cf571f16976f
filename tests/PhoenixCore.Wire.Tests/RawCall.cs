using System.Net;
using System.Net.Http.Headers;
using PhoenixCore.Contracts.Rpc;

namespace PhoenixCore.Wire.Tests;

/// <summary>A call by a client that names a deadline and does not keep to it itself, so that the server's own answer is seen.</summary>
internal sealed record RawCall(string Status, string? Reason, TimeSpan? RetryIn = null)
{
    public static async Task<RawCall> SendAsync(Uri address, string path, byte[] frame, string timeout)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", WireServer.Key);
        request.Headers.Add("grpc-timeout", timeout);
        request.Headers.Add("te", "trailers");
        using var response = await http.SendAsync(request);
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        string? reason = null;
        TimeSpan? retryIn = null;
        if (headers.TryGetValues("grpc-status-details-bin", out var details))
        {
            var text = details.Single();
            var status = Contracts.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) & ~3, '=')));
            reason = status.Details[0].Unpack<ErrorInfo>().Reason;
            if (status.Details.Count > 1) retryIn = status.Details[1].Unpack<RetryInfo>().RetryDelay.ToTimeSpan();
        }

        return new RawCall(headers.GetValues("grpc-status").Single(), reason, retryIn);
    }
}
