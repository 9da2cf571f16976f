using System.Diagnostics;
using PhoenixCore.Client;
using PhoenixCore.Grpc.Tests.V1;
using Xunit;
using Code = PhoenixCore.Client.GrpcStatusCode;

namespace PhoenixCore.Grpc.Tests;

public sealed class DeadlineAndCancellationTests(EchoServerFixture fixture) : IClassFixture<EchoServerFixture>
{
    [Fact]
    public async Task The_server_ends_a_call_at_its_deadline_without_help_from_the_client()
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await fixture.SendRawAsync("Unary", EchoServerFixture.Frame(new EchoRequest { SleepMilliseconds = 20_000 }), ("grpc-timeout", "150m"));
        Assert.Equal("4", answer.Status);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromMilliseconds(140), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task The_client_ends_a_call_at_its_deadline()
    {
        var late = new EchoRequest { SleepMilliseconds = 20_000 };
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => fixture.CallAsync(late, new CallOptions { Timeout = TimeSpan.FromMilliseconds(100) }));
        Assert.Equal(Code.DeadlineExceeded, refusal.Code);
        await Eventually.IsTrueAsync(() => fixture.Server.Echo.Running == 0);
    }

    [Fact]
    public async Task A_handler_knows_its_deadline()
    {
        Assert.Equal(1u, (await fixture.CallAsync(new EchoRequest(), new CallOptions { Timeout = TimeSpan.FromMinutes(1) })).Count);
        Assert.Equal(0u, (await fixture.CallAsync(new EchoRequest())).Count);
    }

    [Fact]
    public async Task A_deadline_that_is_over_never_reaches_the_handler()
    {
        var answer = await fixture.SendRawAsync("Unary", EchoServerFixture.Frame(new EchoRequest()), ("grpc-timeout", "0n"));
        Assert.Equal("4", answer.Status);
    }

    [Theory]
    [InlineData("5x")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("123456789S")]
    public async Task A_malformed_timeout_is_refused(string timeout)
    {
        var answer = await fixture.SendRawAsync("Unary", EchoServerFixture.Frame(new EchoRequest()), ("grpc-timeout", timeout));
        Assert.Equal("13", answer.Status);
    }

    [Theory]
    [InlineData("99999999H")]
    [InlineData("1H")]
    [InlineData("2M")]
    [InlineData("30S")]
    [InlineData("99999999u")]
    public async Task Every_unit_of_a_timeout_is_understood(string timeout)
    {
        var answer = await fixture.SendRawAsync("Unary", EchoServerFixture.Frame(new EchoRequest()), ("grpc-timeout", timeout));
        Assert.Equal("0", answer.Status);
    }

    [Fact]
    public async Task Cancelling_a_call_stops_its_handler()
    {
        using var cancel = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 10)
            .Select(_ => fixture.CallAsync(new EchoRequest { SleepMilliseconds = 60_000 }, new CallOptions { CancellationToken = cancel.Token }))
            .ToArray();
        await Eventually.IsTrueAsync(() => fixture.Server.Echo.Running == 10);

        await cancel.CancelAsync();
        foreach (var call in calls) Assert.Equal(Code.Cancelled, (await Assert.ThrowsAsync<GrpcStatusException>(() => call)).Code);
        await Eventually.IsTrueAsync(() => fixture.Server.Echo.Running == 0);
    }

    [Fact]
    public async Task A_server_stream_stops_when_its_client_leaves_it()
    {
        await using (var call = fixture.Channel.ServerStreaming(Paths.Echo("Tail"), new EchoRequest { Repeat = 1_000_000, SleepMilliseconds = 1 }, EchoReply.Parser))
        {
            for (var i = 0; i < 3; i++) Assert.True(await call.MoveNextAsync());
        }

        await Eventually.IsTrueAsync(() => fixture.Server.Echo.Running == 0);
    }
}
