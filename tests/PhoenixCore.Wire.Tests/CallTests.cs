using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.Health.V1;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class CallTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task Without_a_valid_credential_there_is_only_health()
    {
        foreach (var key in new[] { null, "another key" })
        {
            using var stranger = new LedgerClient(fixture.Server.Address, key);
            Assert.Equal((GrpcStatusCode.Unauthenticated, "UNAUTHORIZED"), await stranger.RefusalAsync("GetWallet", new GetWalletRequest { Wallet = "house_wallet" }));
            var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => stranger.SubmitAsync(new SubmitRequest()));
            Assert.Equal(GrpcStatusCode.Unauthenticated, refusal.Code);
            var health = await stranger.Channel.UnaryAsync("/grpc.health.v1.Health/Check", new HealthCheckRequest { Service = "phoenix.v1.Ledger" }, HealthCheckResponse.Parser);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        }
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_UNIMPLEMENTED() =>
        Assert.Equal(GrpcStatusCode.Unimplemented, (await Client.RefusalAsync("PrintMoney", new SubmitRequest())).Status);

    [Fact]
    public async Task A_request_over_64_KiB_is_RESOURCE_EXHAUSTED() =>
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await Client.RefusalAsync("CreateTransfer", new CreateTransferRequest { Reference = new string('x', 65_536) })).Status);

    [Fact]
    public async Task Of_64_equal_requests_at_once_one_is_applied_and_all_get_its_answer()
    {
        var wallet = await fixture.FundedAsync(0);
        var key = fixture.NewName();
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Client.CreditAsync(wallet.Id, 5, key)));
        Assert.Single(answers, answer => !answer.Duplicate);
        Assert.Single(answers.Select(answer => (answer.Id, answer.ResourceId, answer.DecidedAtUnixNs, answer.Sequence)).Distinct());
        Assert.Equal((5UL, 0UL), await fixture.BalanceAsync(wallet.Id));
        Assert.Equal((GrpcStatusCode.Aborted, "IDEMPOTENCY_CONFLICT"), await Client.RefusalAsync("CreateCredit", new CreateCreditRequest { IdempotencyKey = key, Wallet = wallet.Id, Amount = new Amount { Units = 6 } }));
    }

    [Fact]
    public async Task The_key_may_ride_in_the_metadata()
    {
        var wallet = await fixture.FundedAsync(0);
        var key = fixture.NewName();
        var options = new CallOptions { Metadata = new GrpcMetadata().Add("authorization", "Bearer " + WireServer.Key).Add("idempotency-key", key) };
        var request = new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = 5 } };
        var first = await Client.CallAsync("CreateCredit", request, Transaction.Parser, options);
        var second = await Client.CreditAsync(wallet.Id, 5, key);
        Assert.Equal((first.Id, true), (second.Id, second.Duplicate));
    }

    [Fact]
    public async Task The_answer_from_bytes_is_the_answer_from_messages()
    {
        var wallet = await fixture.FundedAsync(0);
        var key = fixture.NewName();
        var hot = await Client.CreditAsync(wallet.Id, 5, key);
        var typed = await Client.CreditAsync(wallet.Id, 5, key, details: true);
        Assert.Single(typed.Operations);
        typed.Operations.Clear();
        typed.Duplicate = false;
        Assert.Equal(typed, hot);
    }

    [Fact]
    public async Task A_deadline_that_is_over_means_definitely_not_applied()
    {
        var wallet = await fixture.FundedAsync(10);
        var request = new CreateDebitRequest { Wallet = wallet.Id, Amount = new Amount { Units = 1 } };
        var answer = await RawCall.SendAsync(fixture.Server.Address, LedgerClient.Path("CreateDebit"), GrpcFrame.Encode(request), "1u");
        Assert.Equal("4", answer.Status);
        Assert.True(answer.Reason is "DEADLINE_EXCEEDED" or null, answer.Reason); // none when the time was over before the ledger was asked
        Assert.Equal((10UL, 0UL), await fixture.BalanceAsync(wallet.Id));
    }

    [Fact]
    public async Task What_became_of_a_key_can_be_asked_and_an_unknown_one_closed()
    {
        var wallet = await fixture.FundedAsync(0);
        var (applied, refused, closed) = (fixture.NewName(), fixture.NewName(), fixture.NewName());
        var credit = await Client.CreditAsync(wallet.Id, 5, applied);
        await Client.RefusalAsync("CreateDebit", new CreateDebitRequest { IdempotencyKey = refused, Wallet = wallet.Id, Amount = new Amount { Units = 50 } });

        var first = await OperationAsync(applied);
        Assert.Equal((OperationOutcome.Applied, credit.ResourceId), (first.Outcome, first.Transaction.ResourceId));
        var second = await OperationAsync(refused);
        Assert.Equal((OperationOutcome.Refused, ResultCode.InsufficientBalance, "INSUFFICIENT_BALANCE"), (second.Outcome, second.Code, second.Reason));
        Assert.Equal((GrpcStatusCode.NotFound, "OPERATION_NOT_FOUND"), await Client.RefusalAsync("GetOperation", new GetOperationRequest { IdempotencyKey = closed }));
        Assert.Equal(OperationOutcome.Closed, (await OperationAsync(closed, close: true)).Outcome);
        Assert.Equal((GrpcStatusCode.Aborted, "IDEMPOTENCY_KEY_CLOSED"), await Client.RefusalAsync("CreateCredit", new CreateCreditRequest { IdempotencyKey = closed, Wallet = wallet.Id, Amount = new Amount { Units = 5 } }));
    }

    [Fact]
    public async Task Legs_move_together_or_not_at_all_and_the_refused_one_is_named()
    {
        var (a, b) = (await fixture.FundedAsync(100), await fixture.FundedAsync(0));
        var request = new CreateTransferRequest { Details = true, Reference = "split" };
        request.Legs.Add(new TransferLeg { FromWallet = a.Id, ToWallet = b.Id, Amount = new Amount { Units = 60 } });
        request.Legs.Add(new TransferLeg { FromWallet = b.Id, ToWallet = "house_wallet", Amount = new Amount { Units = 10 } });
        var transaction = await Client.CallAsync("CreateTransfer", request, Transaction.Parser);
        Assert.Equal(2, transaction.Operations.Select(operation => operation.Id).Distinct().Count());
        Assert.Equal("split", transaction.Operations[0].Reference);
        Assert.Equal((50UL, 0UL), await fixture.BalanceAsync(b.Id));

        request.Legs[0].Amount.Units = 10;
        request.Legs[1].Amount.Units = 1_000;
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => Client.CallAsync("CreateTransfer", request, Transaction.Parser));
        Assert.Equal(("INSUFFICIENT_BALANCE", "1"), (refusal.Reason, refusal.ErrorMetadata!["index"]));
        Assert.Equal((40UL, 0UL), await fixture.BalanceAsync(a.Id));
    }

    [Fact]
    public async Task Amounts_of_128_bits_are_exact_and_one_unit_too_many_is_refused()
    {
        var wallet = await fixture.FundedAsync(0);
        var most = new Amount { Units = 687_399_551_400_673_279, UnitsHigh = 5_421_010_862_427_522_170, Asset = "WEI" }; // 10^38 − 1
        await Client.CallAsync("CreateAsset", new CreateAssetRequest { Code = "WEI", Scale = 18, Name = "wei", MetadataJson = """{"b": 1, "a": [true]}""" }, Asset.Parser);
        await Client.CallAsync("CreateCredit", new CreateCreditRequest { Wallet = wallet.Id, Amount = most }, Transaction.Parser);
        var balance = Assert.Single((await Client.GetWalletAsync(wallet.Id)).Balances);
        Assert.Equal((most.Units, most.UnitsHigh, 18U), (balance.Available.Units, balance.Available.UnitsHigh, balance.Available.Scale));
        Assert.Equal("BALANCE_WOULD_OVERFLOW", (await Client.RefusalAsync("CreateCredit", new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = 1, Asset = "WEI" } })).Reason);
        most.Units++;
        Assert.Equal("INVALID_AMOUNT", (await Client.RefusalAsync("CreateCredit", new CreateCreditRequest { Wallet = wallet.Id, Amount = most })).Reason);
        Assert.Equal("""{"b":1,"a":[true]}""", (await Client.CallAsync("GetAsset", new GetAssetRequest { Code = "WEI" }, Asset.Parser)).MetadataJson);
    }

    [Fact]
    public async Task Lists_give_every_row_once_page_by_page()
    {
        var wallet = await fixture.FundedAsync(0);
        for (var i = 0; i < 7; i++)
        {
            foreach (var asset in new[] { "EUR", "JPY" })
                await Client.CallAsync("CreateCredit", new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = 1, Asset = asset } }, Transaction.Parser);
        }

        var lots = new List<string>();
        for (var token = (string?)""; token is not null;)
        {
            var page = await Client.CallAsync("ListLots", new ListLotsRequest { Wallet = wallet.Id, PageSize = 3, PageToken = token }, ListLotsReply.Parser);
            lots.AddRange(page.Lots.Select(lot => lot.Id));
            token = page.NextPageToken.Length > 0 ? page.NextPageToken : null;
        }

        Assert.Equal((14, 14), (lots.Count, lots.Distinct().Count()));
        var wallets = new List<Wallet>();
        for (var token = (string?)""; token is not null;)
        {
            var page = await Client.CallAsync("ListWallets", new ListWalletsRequest { PageSize = 2, PageToken = token, IncludeSystem = true }, ListWalletsReply.Parser);
            wallets.AddRange(page.Wallets);
            token = page.NextPageToken.Length > 0 ? page.NextPageToken : null;
        }

        Assert.Equal(wallets.Count, wallets.Select(found => found.Id).Distinct().Count());
        Assert.Equal(["system:liability", "system:consumption", "system:breakage", "system:adjustment", "house_wallet"], wallets.Take(5).Select(found => found.ExternalId));
        Assert.Contains(wallets, found => found.Id == wallet.Id && found.ExternalId == wallet.ExternalId);
        Assert.NotEmpty((await Client.CallAsync("ListAssets", new ListAssetsRequest { PageSize = 1 }, ListAssetsReply.Parser)).NextPageToken);
    }

    private Task<GetOperationReply> OperationAsync(string key, bool close = false) =>
        Client.CallAsync("GetOperation", new GetOperationRequest { IdempotencyKey = key, Close = close }, GetOperationReply.Parser);
}
