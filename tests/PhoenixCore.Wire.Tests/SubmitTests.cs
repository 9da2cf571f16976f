using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class SubmitTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task Results_stand_in_the_order_of_the_operations_and_refusals_harm_no_other()
    {
        var from = await fixture.FundedAsync(1_000);
        var to = await fixture.FundedAsync(0);
        var request = new SubmitRequest { WantIds = true };
        for (var i = 0; i < 1_000; i++) request.Operations.Add(Transfer(from.Id, i % 3 == 0 ? "nobody" : to.Id, 1));
        var reply = await Client.SubmitAsync(request);

        Assert.Equal(1_000, reply.Results.Count);
        for (var i = 0; i < 1_000; i++) Assert.Equal(i % 3 == 0 ? ResultCode.WalletNotFound : ResultCode.Accepted, reply.Results[i].Code);
        Assert.Equal(666, reply.Results.Where(result => result.Id.StartsWith("txf_", StringComparison.Ordinal)).Select(result => result.Id).Distinct().Count());
        Assert.Equal((666UL, 0UL), await fixture.BalanceAsync(to.Id));
        var found = await Client.CallAsync("GetTransaction", new GetTransactionRequest { Id = reply.Results[1].Id }, Transaction.Parser);
        Assert.Equal(reply.Results[1].Id, found.ResourceId);
    }

    [Fact]
    public async Task Batches_in_flight_are_executed_and_answered_in_order()
    {
        const int Batches = 40;
        var chain = new Wallet[Batches + 1];
        for (var i = 0; i <= Batches; i++) chain[i] = await fixture.FundedAsync(i == 0 ? 700UL : 0);
        await using var stream = Client.Submit();

        // Each batch spends what the one before it moved: any other order is refused somewhere.
        for (var b = 0; b < Batches; b++)
        {
            var request = new SubmitRequest();
            for (var i = 0; i < 700; i++) request.Operations.Add(Transfer(chain[b].Id, chain[b + 1].Id, 1));
            await stream.WriteAsync(request);
        }

        stream.Complete();
        for (var b = 0; b < Batches; b++)
        {
            Assert.True(await stream.MoveNextAsync());
            Assert.All(stream.Current.Results, result => Assert.Equal(ResultCode.Accepted, result.Code));
        }

        Assert.False(await stream.MoveNextAsync());
        Assert.Equal((700UL, 0UL), await fixture.BalanceAsync(chain[Batches].Id));
    }

    [Fact]
    public async Task The_largest_batch_passes_and_one_operation_more_is_refused_whole()
    {
        var from = await fixture.FundedAsync(20_000);
        var to = await fixture.FundedAsync(0);
        var request = new SubmitRequest();
        for (var i = 0; i < 8_190; i++) request.Operations.Add(Transfer(from.Id, to.Id, 1));
        Assert.Equal(8_190, (await Client.SubmitAsync(request)).Results.Count(result => result.Code == ResultCode.Accepted));

        request.Operations.Add(Transfer(from.Id, to.Id, 1));
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => Client.SubmitAsync(request));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), (refusal.Code, refusal.Reason));
        Assert.Equal((8_190UL, 0UL), await fixture.BalanceAsync(to.Id));
    }

    [Fact]
    public async Task A_message_over_1_MiB_is_RESOURCE_EXHAUSTED()
    {
        var request = new SubmitRequest();
        for (var i = 0; i < 8_000; i++) request.Operations.Add(new SubmitOperation { Reference = new string('r', 200), Release = new SubmitRelease { Reservation = "rsv_" } });
        await using var stream = Client.Submit();
        await Record.ExceptionAsync(async () => await stream.WriteAsync(request)); // may break off: the server need not read it all
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(async () => await stream.MoveNextAsync());
        Assert.Equal(GrpcStatusCode.ResourceExhausted, refusal.Code);
    }

    [Fact]
    public async Task A_malformed_message_executes_nothing_and_what_came_before_it_is_answered()
    {
        var from = await fixture.FundedAsync(10);
        var to = await fixture.FundedAsync(0);
        var good = new SubmitRequest { Operations = { Transfer(from.Id, to.Id, 1) } };
        var bad = good.ToByteArray().Concat(new byte[] { 0x0A, 0x7F }).ToArray();
        await using var stream = Client.Channel.DuplexRaw(LedgerClient.Path("Submit"), new CallOptions { Metadata = Client.Metadata });
        await stream.WriteAsync(GrpcFrame.Encode(good));
        var frame = new byte[GrpcFrame.HeaderBytes + bad.Length];
        GrpcFrame.WriteHeader(frame, bad.Length);
        bad.CopyTo(frame, GrpcFrame.HeaderBytes);
        await stream.WriteAsync(frame);

        Assert.True(await stream.MoveNextAsync());
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(async () => await stream.MoveNextAsync());
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), (refusal.Code, refusal.Reason));
        Assert.Equal((1UL, 0UL), await fixture.BalanceAsync(to.Id));
    }

    [Fact]
    public async Task An_atomic_batch_is_all_or_nothing()
    {
        var from = await fixture.FundedAsync(100);
        var to = await fixture.FundedAsync(0);
        var request = new SubmitRequest { Atomic = true, IdempotencyKey = ByteString.CopyFromUtf8(fixture.NewName()) };
        request.Operations.Add(Transfer(from.Id, to.Id, 60));
        request.Operations.Add(Transfer(from.Id, to.Id, 60));
        request.Operations.Add(Transfer(from.Id, to.Id, 1));
        ResultCode[] expected = [ResultCode.BatchRefused, ResultCode.InsufficientBalance, ResultCode.BatchRefused];
        Assert.Equal(expected, (await Client.SubmitAsync(request)).Results.Select(result => result.Code));
        var again = await Client.SubmitAsync(request);
        Assert.Equal(expected, again.Results.Select(result => result.Code));
        Assert.All(again.Results, result => Assert.True(result.Duplicate));
        Assert.Equal((100UL, 0UL), await fixture.BalanceAsync(from.Id));

        request.Operations.RemoveAt(1);
        Assert.All((await Client.SubmitAsync(request)).Results, result => Assert.Equal(ResultCode.IdempotencyConflict, result.Code));
        request.IdempotencyKey = ByteString.CopyFromUtf8(fixture.NewName());
        request.WantIds = true;
        var first = await Client.SubmitAsync(request);
        Assert.All(first.Results, result => Assert.StartsWith("txf_", result.Id));
        var second = await Client.SubmitAsync(request);
        Assert.Equal(first.Results.Select(result => result.Id), second.Results.Select(result => result.Id));
        Assert.Equal((61UL, 0UL), await fixture.BalanceAsync(to.Id));
    }

    [Fact]
    public async Task Raw_keys_make_repetitions_harmless_and_name_the_same_operation_everywhere()
    {
        var from = await fixture.FundedAsync(100);
        var to = await fixture.FundedAsync(0);
        var key = fixture.NewName();
        var operation = Transfer(from.Id, to.Id, 7);
        operation.IdempotencyKey = ByteString.CopyFromUtf8(key);
        var request = new SubmitRequest { WantIds = true, Operations = { operation, operation } };
        var reply = await Client.SubmitAsync(request);
        Assert.Equal([false, true], reply.Results.Select(result => result.Duplicate));
        Assert.Equal(reply.Results[0].Id, reply.Results[1].Id);

        var unary = await Client.TransferAsync(from.Id, to.Id, 7, key);
        Assert.Equal((true, reply.Results[0].Id), (unary.Duplicate, unary.ResourceId));
        Assert.Equal((7UL, 0UL), await fixture.BalanceAsync(to.Id));
    }

    [Fact]
    public async Task Keys_that_memory_forgot_still_answer_the_original_or_are_decided_once()
    {
        await using var server = await WireServer.StartAsync(new() { WalletsExpected = 1 << 10, HotKeys = 1 << 10, HugePages = false, RowsMax = 1 << 20 });
        using var client = new LedgerClient(server.Address);
        var from = await client.CreateWalletAsync("from");
        var to = await client.CreateWalletAsync("to");
        await client.CreditAsync(from.Id, 100_000);
        for (var round = 0; round < 3; round++)
        {
            var request = new SubmitRequest();
            for (var i = 0; i < 1_000; i++)
            {
                var operation = Transfer(from.Id, to.Id, 1);
                operation.IdempotencyKey = ByteString.CopyFrom(BitConverter.GetBytes((long)((round * 1_000) + i)));
                request.Operations.Add(operation);
            }

            Assert.All((await client.SubmitAsync(request)).Results, result => Assert.Equal(new SubmitResult(), result));
        }

        var repeated = Transfer(from.Id, to.Id, 1);
        repeated.IdempotencyKey = ByteString.CopyFrom(BitConverter.GetBytes(0L));
        Assert.True(Assert.Single((await client.SubmitAsync(new SubmitRequest { Operations = { repeated } })).Results).Duplicate);
        Assert.Equal(3_000UL, Assert.Single((await client.GetWalletAsync("to")).Balances).Available.Units);
    }

    [Fact]
    public async Task A_batch_within_its_deadline_is_applied()
    {
        var from = await fixture.FundedAsync(10);
        var request = new SubmitRequest { Operations = { Transfer(from.Id, "house_wallet", 1) } };
        await using var stream = Client.Channel.DuplexRaw(LedgerClient.Path("Submit"), new CallOptions { Metadata = Client.Metadata, Timeout = TimeSpan.FromMilliseconds(250) });
        await stream.WriteAsync(GrpcFrame.Encode(request));
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal(ResultCode.Accepted, SubmitReply.Parser.ParseFrom(stream.Current.Span).Results[0].Code);
        Assert.Equal((9UL, 0UL), await fixture.BalanceAsync(from.Id));
    }

    private static SubmitOperation Transfer(string from, string to, ulong units) => new() { Transfer = new SubmitTransfer { FromWallet = from, ToWallet = to, Units = units } };
}
