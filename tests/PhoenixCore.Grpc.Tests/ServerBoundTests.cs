using System.Diagnostics;
using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;
using Code = PhoenixCore.Client.GrpcStatusCode;

namespace PhoenixCore.Grpc.Tests;

/// <summary>What the server does on its own: bounds, authorization, draining.</summary>
public sealed class ServerBoundTests
{
    [Fact]
    public async Task A_client_that_stops_reading_is_reset_after_the_stall_limit()
    {
        await using var server = await EchoServer.StartAsync(options => options.WriteStallLimit = TimeSpan.FromMilliseconds(300));
        using var channel = new GrpcChannel(server.ClearText);
        var flood = new EchoRequest { Repeat = 100_000, Payload = ByteString.CopyFrom(new byte[10_000]) };
        await using var call = channel.ServerStreaming(Paths.Echo("Tail"), flood, EchoReply.Parser);
        Assert.True(await call.MoveNextAsync());

        await Eventually.IsTrueAsync(() => server.Echo.Running == 0);
        Assert.InRange(server.Echo.TailBytes, 10_000, 100_000_000);
        var end = await Assert.ThrowsAsync<GrpcStatusException>(async () => { while (await call.MoveNextAsync()) { } });
        Assert.NotEqual(Code.OK, end.Code);
    }

    [Fact]
    public async Task A_slow_reader_that_keeps_reading_is_not_reset()
    {
        await using var server = await EchoServer.StartAsync(options => options.WriteStallLimit = TimeSpan.FromSeconds(2));
        using var channel = new GrpcChannel(server.ClearText, new GrpcChannelOptions { StreamWindowBytes = 65_535 });
        var replies = new EchoRequest { Repeat = 50, Payload = ByteString.CopyFrom(new byte[20_000]) };
        await using var call = channel.ServerStreaming(Paths.Echo("Tail"), replies, EchoReply.Parser);
        var count = 0;
        for (; await call.MoveNextAsync(); count++) await Task.Delay(60);
        Assert.Equal(50, count);
    }

    [Fact]
    public async Task Authorize_refuses_before_the_handler_and_a_stream_is_told_at_once()
    {
        await using var server = await EchoServer.StartAsync(options => options.Authorize = async call =>
        {
            await Task.Yield();
            if (call.RequestMetadata.Find("authorization") != "Bearer good") throw new GrpcException(GrpcStatusCode.Unauthenticated, "who are you?", "UNAUTHENTICATED");
        });
        using var channel = new GrpcChannel(server.ClearText);
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest(), EchoReply.Parser));
        Assert.Equal((Code.Unauthenticated, "UNAUTHENTICATED"), (refusal.Code, refusal.Reason));

        var good = new CallOptions { Metadata = new GrpcMetadata().Add("authorization", "Bearer good") };
        Assert.Equal("in", (await channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest { Text = "in" }, EchoReply.Parser, good)).Text);

        var start = Stopwatch.GetTimestamp();
        await using var stream = channel.DuplexRaw(Paths.Echo("Submit"));
        refusal = await Assert.ThrowsAsync<GrpcStatusException>(async () => await stream.MoveNextAsync());
        Assert.Equal(Code.Unauthenticated, refusal.Code);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromMilliseconds(900));
    }

    [Theory]
    [InlineData("Unbound", 0)]
    [InlineData("Unbound", 200_000)]
    [InlineData("Unary", 200_000)]
    public async Task Refusals_at_64_streams_do_not_hurt_the_connection(string method, int payloadBytes)
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = new GrpcChannel(server.ClearText);
        var frame = GrpcFrame.Encode(new EchoRequest { Payload = ByteString.CopyFrom(new byte[payloadBytes]) });
        var expected = method == "Unbound" ? Code.Unimplemented : Code.ResourceExhausted;
        var calls = payloadBytes > 0 ? 30 : 300;

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < calls; i++)
            {
                var refusal = await Assert.ThrowsAsync<GrpcStatusException>(async () => await channel.UnaryRawAsync(Paths.Echo(method), frame, payload => payload.Length));
                Assert.True(refusal.Code == expected && refusal.InnerException is null, refusal.ToString()); // A cause would be the transport's: a reset or a dropped connection.
            }
        })));
        Assert.Equal("alive", (await channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest { Text = "alive" }, EchoReply.Parser)).Text);
    }

    [Fact]
    public async Task Shutdown_lets_unary_calls_finish_and_ends_streams_after_the_grace()
    {
        await using var server = await EchoServer.StartAsync(options => options.StreamDrainGrace = TimeSpan.FromMilliseconds(200));
        using var channel = new GrpcChannel(server.ClearText);
        var unary = channel.UnaryAsync(Paths.Echo("Unary"), new EchoRequest { Text = "finished", SleepMilliseconds = 600 }, EchoReply.Parser);
        await using var chat = channel.Duplex<EchoRequest, EchoReply>(Paths.Echo("Chat"), EchoReply.Parser);
        await chat.WriteAsync(new EchoRequest());
        Assert.True(await chat.MoveNextAsync());
        await Eventually.IsTrueAsync(() => server.Echo.Running == 2);

        var start = Stopwatch.GetTimestamp();
        var stopping = server.StopAsync();
        var end = await Assert.ThrowsAsync<GrpcStatusException>(async () => await chat.MoveNextAsync());
        Assert.Equal(Code.Unavailable, end.Code);
        Assert.Equal("finished", (await unary).Text);
        await stopping;
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(5));
    }
}
