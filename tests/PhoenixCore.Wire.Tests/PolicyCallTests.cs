using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Server.Edge.Policies;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class PolicyCallTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task A_policy_is_put_bound_and_obeyed()
    {
        var policy = await CallAsync("PutPolicy", new PutPolicyRequest { SourceJson = """{"name":"p","rules":[{"type":"limit","id":"cap","window":"day","max":10}]}""" }, Policy.Parser);
        Assert.Equal((1U, PolicyStatus.Active), (policy.Version, policy.Status));
        Assert.Equal(2U, (await CallAsync("PutPolicy", new PutPolicyRequest { PolicyId = policy.Id, SourceJson = policy.SourceJson }, Policy.Parser)).Version);
        Assert.Equal([2U, 1U], (await CallAsync("ListPolicyVersions", new ListPolicyVersionsRequest { PolicyId = policy.Id }, ListPoliciesReply.Parser)).Policies.Select(row => row.Version));
        Assert.Equal("pol_default", (await CallAsync("ListPolicies", new ListPoliciesRequest { PageSize = 1 }, ListPoliciesReply.Parser)).Policies[0].Id);

        var wallet = await fixture.FundedAsync(100);
        Assert.Equal([policy.Id], (await CallAsync("BindWallet", new BindWalletRequest { Wallet = wallet.Id, Policies = { policy.Id } }, Wallet.Parser)).Policies);
        await Client.TransferAsync(wallet.Id, "house_wallet", 10);
        var request = new CreateTransferRequest { FromWallet = wallet.Id, ToWallet = "house_wallet", Amount = new Amount { Units = 1 } };
        var plain = await RefusalAsync(request);
        request.IdempotencyKey = fixture.NewName();
        var keyed = await RefusalAsync(request);
        var repeated = await RefusalAsync(request);
        request.Intent = "gift";
        request.IdempotencyKey = "";
        var typed = await RefusalAsync(request);
        foreach (var refusal in new[] { plain, keyed, repeated, typed }) Assert.Equal((GrpcStatusCode.FailedPrecondition, "POLICY_VIOLATION"), (refusal.Code, refusal.Reason));

        var evaluation = await CallAsync("Evaluate", new EvaluateRequest { Operation = PolicyOperation.TransferOut, Wallet = wallet.Id, Counterparty = "house_wallet", Amount = new Amount { Units = 1 } }, Evaluation.Parser);
        Assert.Equal((false, "POLICY_VIOLATION", "cap"), (evaluation.Allowed, evaluation.Reason, evaluation.Verdicts.First(verdict => !verdict.Allowed).Rule));
        Assert.Equal(PolicyStatus.Inactive, (await CallAsync("SetPolicyStatus", new SetPolicyStatusRequest { PolicyId = policy.Id, Status = PolicyStatus.Inactive }, Policy.Parser)).Status);
    }

    [Fact]
    public async Task Intent_and_context_reach_the_rules_of_a_lot()
    {
        var wallet = await fixture.FundedAsync(0);
        await Client.CallAsync("CreateCredit", new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = 5 }, RestrictionsJson = """[{"type":"context","field":"shop.kind","op":"eq","value":"books","when":{"operation":"consume"} }]""" }, Transaction.Parser);
        var debit = new CreateDebitRequest { Wallet = wallet.Id, Amount = new Amount { Units = 1 }, ContextJson = """{"shop":{"kind":"games"}}""" };
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "POLICY_VIOLATION"), await Client.RefusalAsync("CreateDebit", debit));
        debit.ContextJson = """{"shop":{"kind":"books"}}""";
        Assert.Equal(GrpcStatusCode.OK, (await Client.RefusalAsync("CreateDebit", debit)).Status);
        debit.Intent = "Not An Intent";
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("CreateDebit", debit));
        var bad = new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = 5 }, RestrictionsJson = """["no cash"]""" };
        Assert.Equal((GrpcStatusCode.InvalidArgument, "INVALID_POLICY"), await Client.RefusalAsync("CreateCredit", bad));
    }

    [Fact]
    public async Task An_increment_has_an_intent_of_its_own_and_a_capture_may_exceed_as_far_as_a_policy_says()
    {
        var policy = await CallAsync("PutPolicy", new PutPolicyRequest { SourceJson = """{"name":"p","overcapture":{"percent":50},"rules":[{"type":"intent","id":"no","denied":["gift"]},{"type":"category","id":"food","denied":["games"]}]}""" }, Policy.Parser);
        var wallet = await fixture.FundedAsync(1_000);
        await CallAsync("BindWallet", new BindWalletRequest { Wallet = wallet.Id, Policies = { policy.Id } }, Wallet.Parser);
        var held = (await Client.ReserveAsync(wallet.Id, 100)).ResourceId;
        var increment = new IncrementReservationRequest { ReservationId = held, Amount = new Amount { Units = 10 }, Intent = "gift" };
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "POLICY_VIOLATION"), await Client.RefusalAsync("IncrementReservation", increment));
        (increment.Intent, increment.ContextJson) = ("purchase", """{"category":"games"}""");
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "POLICY_VIOLATION"), await Client.RefusalAsync("IncrementReservation", increment));
        increment.ContextJson = """{"category":"food"}""";
        Assert.Equal(GrpcStatusCode.OK, (await Client.RefusalAsync("IncrementReservation", increment)).Status);

        CommitReservationRequest Capture(ulong units) => new() { ReservationId = held, ToWallet = "house_wallet", Amount = new Amount { Units = units } };
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("CommitReservation", Capture(161)));
        Assert.Equal(GrpcStatusCode.OK, (await Client.RefusalAsync("CommitReservation", Capture(160))).Status);
        Assert.Equal((840UL, 0UL), await fixture.BalanceAsync(wallet.Id));
    }

    [Fact]
    public async Task A_transfer_gives_its_lot_a_policy()
    {
        var policy = await CallAsync("PutPolicy", new PutPolicyRequest { SourceJson = """{"name":"p","operations":["transfer"]}""" }, Policy.Parser);
        var (from, to) = (await fixture.FundedAsync(100), await fixture.FundedAsync(0));
        var request = new CreateTransferRequest { FromWallet = from.Id, ToWallet = to.Id, Amount = new Amount { Units = 40 }, DestinationLot = new DestinationLot { PolicyId = policy.Id } };
        Assert.Equal(GrpcStatusCode.OK, (await Client.RefusalAsync("CreateTransfer", request)).Status);
        var lot = Assert.Single((await Client.CallAsync("ListLots", new ListLotsRequest { Wallet = to.Id }, ListLotsReply.Parser)).Lots);
        Assert.Equal(policy.Id, lot.PolicyId);
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "POLICY_VIOLATION"), await Client.RefusalAsync("CreateDebit", new CreateDebitRequest { Wallet = to.Id, Amount = new Amount { Units = 1 } }));
        request.DestinationLot.PolicyId = "pol_unknown";
        Assert.Equal((GrpcStatusCode.InvalidArgument, "INVALID_POLICY"), await Client.RefusalAsync("CreateTransfer", request));
    }

    [Fact]
    public async Task A_pool_and_a_lot_that_is_added_to_take_no_policy()
    {
        var policy = await CallAsync("PutPolicy", new PutPolicyRequest { SourceJson = """{"name":"p","rules":[]}""" }, Policy.Parser);
        var wallet = await fixture.FundedAsync(100);
        var lot = Assert.Single((await Client.CallAsync("ListLots", new ListLotsRequest { Wallet = wallet.Id }, ListLotsReply.Parser)).Lots);
        var pool = new CreateCreditRequest { Wallet = "house_wallet", Amount = new Amount { Units = 5 }, PolicyId = policy.Id };
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("CreateCredit", pool));
        var addition = new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = 5 }, LotId = lot.Id, PolicyId = policy.Id };
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("CreateCredit", addition));
        addition.PolicyId = "";
        Assert.Equal(GrpcStatusCode.OK, (await Client.RefusalAsync("CreateCredit", addition)).Status);
        Assert.Equal((105UL, 0UL), await fixture.BalanceAsync(wallet.Id));
    }

    [Fact]
    public void A_zone_s_clock_is_known_to_the_second()
    {
        var zone = ZoneReader.Read("Europe/Berlin");
        Assert.Equal((long.MinValue, 3_600), (zone[0].AtSeconds, zone[0].OffsetSeconds));
        Assert.Contains(zone, transition => transition is { AtSeconds: 1_774_746_000, OffsetSeconds: 7_200 }); // 2026-03-29T01:00:00Z
        Assert.Contains(zone, transition => transition is { AtSeconds: 1_792_890_000, OffsetSeconds: 3_600 }); // 2026-10-25T01:00:00Z
        Assert.InRange(zone.Count, 160, 164);
    }

    [Theory]
    [InlineData("0.10", 1, 1)]
    [InlineData("-1.5e1", -15, 0)]
    [InlineData("1e-3", 1, 3)]
    [InlineData("100", 100, 0)]
    [InlineData("0", 0, 0)]
    public void Numbers_are_read_exactly(string text, int number, int decimals)
    {
        Assert.True(ContextReader.TryReadNumber(text, out var read, out var point));
        Assert.Equal((number, decimals), ((int)read, point));
    }

    private Task<TReply> CallAsync<TReply>(string method, IMessage request, MessageParser<TReply> parser)
        where TReply : IMessage<TReply> =>
        Client.Channel.UnaryRawAsync("/phoenix.v1.Policies/" + method, GrpcFrame.Encode(request), reply => parser.ParseFrom(reply.Span), new CallOptions { Metadata = Client.Metadata }).AsTask();

    private async Task<GrpcStatusException> RefusalAsync(CreateTransferRequest request) =>
        await Assert.ThrowsAsync<GrpcStatusException>(() => Client.CallAsync("CreateTransfer", request, Transaction.Parser));
}
