using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;

namespace PhoenixCore.Grpc.Tests;

/// <summary>One server and one channel for a class of tests.</summary>
public sealed class EchoServerFixture : IAsyncLifetime
{
    public EchoServer Server { get; private set; } = null!;

    public GrpcChannel Channel { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await EchoServer.StartAsync();
        Channel = new GrpcChannel(Server.ClearText);
    }

    public async Task DisposeAsync()
    {
        Channel.Dispose();
        await Server.DisposeAsync();
    }

    public Task<EchoReply> CallAsync(EchoRequest request, CallOptions? options = null, string method = "Unary") =>
        Channel.UnaryAsync(Paths.Echo(method), request, EchoReply.Parser, options);

    /// <summary>What the server answers to bytes that no proper client sends.</summary>
    public Task<RawAnswer> SendRawAsync(string method, byte[] body, params (string Name, string Value)[] headers) =>
        RawAnswer.SendAsync(Server.ClearText, Paths.Echo(method), body, headers);

    public static byte[] Frame(IMessage message) => GrpcFrame.Encode(message);
}
