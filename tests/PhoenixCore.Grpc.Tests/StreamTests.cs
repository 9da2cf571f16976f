using System.Diagnostics;
using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;
using Code = PhoenixCore.Client.GrpcStatusCode;

namespace PhoenixCore.Grpc.Tests;

public sealed class StreamTests(EchoServerFixture fixture) : IClassFixture<EchoServerFixture>
{
    [Fact]
    public async Task A_server_stream_arrives_whole_and_in_order()
    {
        await using var call = fixture.Channel.ServerStreaming(Paths.Echo("Tail"), new EchoRequest { Repeat = 1000, Payload = ByteString.CopyFrom(new byte[100]) }, EchoReply.Parser);
        for (var i = 0u; i < 1000; i++)
        {
            Assert.True(await call.MoveNextAsync());
            Assert.Equal(i, call.Current.Count);
        }

        Assert.False(await call.MoveNextAsync());
    }

    [Fact]
    public async Task A_stream_of_no_messages_ends_with_OK()
    {
        await using var call = fixture.Channel.ServerStreaming(Paths.Echo("Tail"), new EchoRequest(), EchoReply.Parser);
        Assert.False(await call.MoveNextAsync());
    }

    [Fact]
    public async Task A_client_stream_larger_than_any_request_limit_is_taken()
    {
        const int Megabytes = 40; // Kestrel's own limit for a body is 30 MB.
        await using var call = fixture.Channel.Duplex<EchoRequest, EchoReply>(Paths.Echo("Upload"), EchoReply.Parser);
        var part = new EchoRequest { Payload = ByteString.CopyFrom(new byte[50_000]) };
        for (var i = 0; i < Megabytes * 20; i++) await call.WriteAsync(part);
        call.Complete();
        Assert.True(await call.MoveNextAsync());
        Assert.Equal((ulong)Megabytes * 1_000_000, call.Current.Count);
        Assert.False(await call.MoveNextAsync());
    }

    [Fact]
    public async Task A_chat_answers_each_message_before_the_next_is_sent()
    {
        await using var call = fixture.Channel.Duplex<EchoRequest, EchoReply>(Paths.Echo("Chat"), EchoReply.Parser);
        for (var i = 1u; i <= 100; i++)
        {
            await call.WriteAsync(new EchoRequest { Text = $"message {i}" });
            Assert.True(await call.MoveNextAsync());
            Assert.Equal(($"message {i}", (ulong)i), (call.Current.Text, call.Current.Count));
        }

        call.Complete();
        Assert.False(await call.MoveNextAsync());
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_a_chat_arrives_though_the_client_has_not_ended()
    {
        var start = Stopwatch.GetTimestamp();
        await using var call = fixture.Channel.Duplex<EchoRequest, EchoReply>(Paths.Echo("Chat"), EchoReply.Parser);
        await call.WriteAsync(new EchoRequest { Text = "fine" });
        Assert.True(await call.MoveNextAsync());
        await call.WriteAsync(new EchoRequest { Text = "broken", FailCode = 10 });
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(async () => await call.MoveNextAsync());
        Assert.Equal((Code.Aborted, "broken"), (refusal.Code, refusal.Detail));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromMilliseconds(900)); // Not only after the refusal's patience.
    }

    [Fact]
    public async Task Raw_batches_in_flight_come_back_in_order()
    {
        const int Batches = 200;
        await using var call = fixture.Channel.DuplexRaw(Paths.Echo("Submit"));
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Batches; i++)
            {
                var batch = new byte[GrpcFrame.HeaderBytes + 100_000];
                GrpcFrame.WriteHeader(batch, 100_000);
                batch.AsSpan(GrpcFrame.HeaderBytes).Fill((byte)i);
                await call.WriteAsync(batch);
            }

            call.Complete();
        });
        for (var i = 0; i < Batches; i++)
        {
            Assert.True(await call.MoveNextAsync());
            Assert.Equal(100_000, call.Current.Length);
            Assert.False(call.Current.Span.ContainsAnyExcept((byte)i));
        }

        await writing;
        Assert.False(await call.MoveNextAsync());
    }

    [Fact]
    public async Task Many_frames_in_one_write_are_as_many_messages()
    {
        await using var call = fixture.Channel.DuplexRaw(Paths.Echo("Chat"));
        var frame = GrpcFrame.Encode(new EchoRequest { Text = "again" });
        await call.WriteAsync(Enumerable.Repeat(frame, 500).SelectMany(bytes => bytes).ToArray());
        call.Complete();
        var count = 0;
        while (await call.MoveNextAsync()) Assert.Equal((ulong)++count, EchoReply.Parser.ParseFrom(call.Current.Span).Count);
        Assert.Equal(500, count);
    }

    [Fact]
    public async Task A_stream_message_over_the_limit_ends_the_stream()
    {
        await using var call = fixture.Channel.Duplex<EchoRequest, EchoReply>(Paths.Echo("Chat"), EchoReply.Parser);
        await call.WriteAsync(new EchoRequest { Payload = ByteString.CopyFrom(new byte[70_000]) });
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(async () => await call.MoveNextAsync());
        Assert.Equal(Code.ResourceExhausted, refusal.Code);
    }

    [Fact]
    public async Task A_handler_blocked_by_flow_control_stops_when_its_client_goes()
    {
        var flood = new EchoRequest { Repeat = 100_000, Payload = ByteString.CopyFrom(new byte[10_000]) };
        var call = fixture.Channel.ServerStreaming(Paths.Echo("Tail"), flood, EchoReply.Parser);
        Assert.True(await call.MoveNextAsync());
        await Eventually.IsTrueAsync(() => fixture.Server.Echo.Running == 1);
        await call.DisposeAsync();
        await Eventually.IsTrueAsync(() => fixture.Server.Echo.Running == 0);
    }
}
