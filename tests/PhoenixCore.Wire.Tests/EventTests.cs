using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class EventTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    [Fact]
    public async Task A_subscriber_gets_what_happens_in_order_with_the_balance_after_it()
    {
        var player = await fixture.FundedAsync(1_000);
        await using var call = Subscribe(new SubscribeRequest { FromSequence = 1, Wallet = player.Id });
        var created = await NextAsync(call);
        Assert.Equal(("wallet.created", player.Id), (created.Type, created.WalletId));
        Assert.Equal("lot.created", (await NextAsync(call)).Type);
        var credited = await NextAsync(call);
        Assert.Equal(("wallet.credited", 1_000UL, 1_000UL), (credited.Type, credited.Amount.Units, credited.BalanceAfter.Units));
        Assert.Equal(credited.Sequence, (await NextOf(player.Id, credited.Sequence)).Sequence);
    }

    [Fact]
    public async Task A_type_that_does_not_exist_is_refused()
    {
        await using var call = Subscribe(new SubscribeRequest { Types_ = { "wallet.lost" } });
        var refused = await Assert.ThrowsAsync<GrpcStatusException>(async () => await NextAsync(call));
        Assert.Equal(GrpcStatusCode.InvalidArgument, refused.Code);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(6_000)]
    public async Task A_wallet_that_does_not_exist_is_not_found_however_long_its_name_is(int length)
    {
        await using var call = Subscribe(new SubscribeRequest { Wallet = new string('ü', length) });
        var refused = await Assert.ThrowsAsync<GrpcStatusException>(async () => await NextAsync(call));
        Assert.Equal(GrpcStatusCode.NotFound, refused.Code);
    }

    private ServerStreamingCall<SubscribeReply> Subscribe(SubscribeRequest request) =>
        fixture.Client.Channel.ServerStreaming("/phoenix.v1.Events/Subscribe", request, SubscribeReply.Parser, new CallOptions { Metadata = fixture.Client.Metadata });

    private async Task<Event> NextOf(string wallet, ulong from)
    {
        await using var call = Subscribe(new SubscribeRequest { FromSequence = from, Wallet = wallet });
        return await NextAsync(call);
    }

    private static async Task<Event> NextAsync(ServerStreamingCall<SubscribeReply> call)
    {
        while (true)
        {
            if (!await call.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))) throw new EndOfStreamException();
            if (call.Current.Event is { } made) return made;
        }
    }
}
