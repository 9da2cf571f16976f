using System.Net;
using PhoenixCore.Client;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;

namespace PhoenixCore.Grpc.Tests;

/// <summary>Which requests come to the dispatcher.</summary>
public sealed class EndpointTests(EchoServerFixture fixture) : IClassFixture<EchoServerFixture>
{
    [Fact]
    public async Task One_TLS_endpoint_serves_gRPC_and_REST()
    {
        using var channel = new GrpcChannel(fixture.Server.Tls, new GrpcChannelOptions { ServerCertificateValidation = (_, _, _, _) => true });
        Assert.Equal("over TLS", (await channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest { Text = "over TLS" }, EchoReply.Parser)).Text);
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            var (status, text) = await GetAsync(version, "text/plain");
            Assert.Equal((HttpStatusCode.OK, "rest"), (status, text));
        }
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_refused_by_default()
    {
        using var channel = new GrpcChannel(fixture.Server.Tls);
        var fault = await Assert.ThrowsAsync<GrpcStatusException>(() => channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest(), EchoReply.Parser));
        Assert.Equal(Client.GrpcStatusCode.Unavailable, fault.Code);
    }

    [Fact]
    public async Task GRPC_over_HTTP_1_is_told_to_upgrade() =>
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await GetAsync(HttpVersion.Version11, "application/grpc")).Status);

    [Fact]
    public async Task A_server_that_is_not_there_is_UNAVAILABLE()
    {
        using var channel = new GrpcChannel(new Uri("http://127.0.0.1:1"));
        var fault = await Assert.ThrowsAsync<GrpcStatusException>(() => channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest(), EchoReply.Parser));
        Assert.Equal(Client.GrpcStatusCode.Unavailable, fault.Code);
    }

    [Fact]
    public async Task Calls_take_several_connections_in_turn()
    {
        using var channel = new GrpcChannel(fixture.Server.ClearText, new GrpcChannelOptions { Connections = 3 });
        var replies = await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
            channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest { Text = i.ToString() }, EchoReply.Parser)));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => i.ToString()), replies.Select(reply => reply.Text));
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(Version version, string contentType)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(fixture.Server.Tls, "/any"))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0]),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        using var response = await http.SendAsync(request, default);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
