using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using Xunit;
using ReservationStatus = PhoenixCore.Contracts.V1.ReservationStatus;

namespace PhoenixCore.Wire.Tests;

/// <summary>Lots, richer reservations and reversals by gRPC.</summary>
public sealed class LotCallTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task A_reservation_is_changed_step_by_step()
    {
        var player = await fixture.FundedAsync(10_000);
        var bet = (await Client.ReserveAsync(player.Id, 4_000)).ResourceId;
        var part = await CallAsync("CommitReservation", new CommitReservationRequest { ReservationId = bet, Amount = new Amount { Units = 1_000 }, ToWallet = "house_wallet", Final = false, Details = true });
        Assert.Equal((bet, OperationType.Commit), (part.ResourceId, part.Operations[0].Type));
        await CallAsync("ReleaseReservation", new ReleaseReservationRequest { ReservationId = bet, Amount = new Amount { Units = 500 } });
        await CallAsync("IncrementReservation", new IncrementReservationRequest { ReservationId = bet, Amount = new Amount { Units = 2_000 } });
        var until = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds() * 1_000_000;
        await CallAsync("ExtendReservation", new ExtendReservationRequest { ReservationId = bet, ExpiresAtUnixNs = until });

        var found = await Client.CallAsync("GetReservation", new GetReservationRequest { ReservationId = bet }, Reservation.Parser);
        Assert.Equal((ReservationStatus.Pending, 6_000UL, 1_000UL, 500UL, until), (found.Status, found.Amount.Units, found.CommittedAmount.Units, found.ReleasedAmount.Units, found.ExpiresAtUnixNs));
        Assert.Equal((2, 4_500UL), (found.HeldLots.Count, found.HeldLots[0].Amount.Units + found.HeldLots[1].Amount.Units));
        Assert.Equal("USD", found.CommittedAmount.Asset);

        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("ReleaseReservation", new ReleaseReservationRequest { ReservationId = bet, Amount = new Amount { Units = 4_501 } }));
        await Client.CommitAsync(bet, "house_wallet");
        Assert.Equal((4_500UL, 0UL), await fixture.BalanceAsync(player.Id));
    }

    [Fact]
    public async Task What_was_done_is_undone_once()
    {
        var player = await fixture.FundedAsync(0);
        var credit = await Client.CreditAsync(player.Id, 100);
        var sent = await Client.TransferAsync(player.Id, "house_wallet", 60);
        var undone = await CallAsync("ReverseTransfer", new ReverseTransferRequest { TransferId = sent.ResourceId, Reason = "voided", Details = true });
        Assert.Equal((sent.ResourceId, OperationType.TransferReversal, 60UL), (undone.ResourceId, undone.Operations[0].Type, undone.Operations[0].Postings[0].Amount.Units));
        Assert.Equal((GrpcStatusCode.FailedPrecondition, "ALREADY_REVERSED"), await Client.RefusalAsync("ReverseTransfer", new ReverseTransferRequest { TransferId = sent.ResourceId }));
        await CallAsync("ReverseCredit", new ReverseCreditRequest { CreditId = credit.ResourceId, Amount = new Amount { Units = 30 } });
        Assert.Equal((GrpcStatusCode.NotFound, "TRANSACTION_NOT_FOUND"), await Client.RefusalAsync("ReverseCredit", new ReverseCreditRequest { CreditId = sent.ResourceId }));
        Assert.Equal((70UL, 0UL), await fixture.BalanceAsync(player.Id));
    }

    [Fact]
    public async Task A_lot_is_changed_credited_and_expired_by_its_id()
    {
        var player = await fixture.FundedAsync(0);
        await Client.CreditAsync(player.Id, 100);
        var lot = Assert.Single((await Client.CallAsync("ListLots", new ListLotsRequest { Wallet = player.Id }, ListLotsReply.Parser)).Lots).Id;
        var until = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds() * 1_000_000;
        Assert.Equal(lot, (await CallAsync("UpdateLot", new UpdateLotRequest { LotId = lot, ExpiresAtUnixNs = until, AttributesJson = """{"a":1}""" })).ResourceId);
        await CallAsync("CreateCredit", new CreateCreditRequest { Wallet = player.Id, Amount = new Amount { Units = 11 }, LotId = lot });
        var changed = Assert.Single((await Client.CallAsync("ListLots", new ListLotsRequest { Wallet = player.Id }, ListLotsReply.Parser)).Lots);
        Assert.Equal((lot, 111UL, until), (changed.Id, changed.Available.Units, changed.ExpiresAtUnixNs));
        await CallAsync("ExpireLot", new ExpireLotRequest { LotId = lot, Reason = "closed" });
        Assert.Equal((0UL, 0UL), await fixture.BalanceAsync(player.Id));
        Assert.Equal((GrpcStatusCode.NotFound, "LOT_NOT_FOUND"), await Client.RefusalAsync("ExpireLot", new ExpireLotRequest { LotId = lot }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("UpdateLot", new UpdateLotRequest { LotId = lot }));
    }

    [Fact]
    public async Task Lots_are_listed_by_status_attribute_and_expiry()
    {
        var player = await fixture.FundedAsync(0);
        var until = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds() * 1_000_000;
        await CallAsync("CreateCredit", new CreateCreditRequest { Wallet = player.Id, Amount = new Amount { Units = 5 }, AttributesJson = """{"kind":"promo"}""", ExpiresAtUnixNs = until });
        await CallAsync("CreateCredit", new CreateCreditRequest { Wallet = player.Id, Amount = new Amount { Units = 6, Asset = "EUR" }, AttributesJson = """{"kind":"promo"}""" });
        await CallAsync("CreateCredit", new CreateCreditRequest { Wallet = player.Id, Amount = new Amount { Units = 7 } });
        Assert.Equal(new[] { 5UL, 6UL, 7UL }, await ListAsync(new ListLotsRequest { Wallet = player.Id, PageSize = 1 }));
        Assert.Equal(new[] { 5UL, 6UL }, await ListAsync(new ListLotsRequest { Wallet = player.Id, PageSize = 1, Attributes = { "kind:promo" }, Status = LotStatus.Active, HasBalance = true }));
        Assert.Equal(new[] { 5UL }, await ListAsync(new ListLotsRequest { Wallet = player.Id, ExpiringBeforeUnixNs = until + 1 }));
        Assert.Equal("""{"kind":"promo"}""", (await Client.CallAsync("ListLots", new ListLotsRequest { Wallet = player.Id }, ListLotsReply.Parser)).Lots[0].AttributesJson);
        await CallAsync("CreateDebit", new CreateDebitRequest { Wallet = player.Id, Amount = new Amount { Units = 12, Asset = "USD" } });
        Assert.Equal(new[] { 7UL, 5UL }, await ListAsync(new ListLotsRequest { Wallet = player.Id, PageSize = 1, Status = LotStatus.Depleted }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("ListLots", new ListLotsRequest { Wallet = player.Id, Attributes = { "kind" } }));
        Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await Client.RefusalAsync("ListLots", new ListLotsRequest { Wallet = player.Id, PageToken = "none" }));
    }

    /// <summary>What came into each, page by page.</summary>
    private async Task<ulong[]> ListAsync(ListLotsRequest request)
    {
        var all = new List<ulong>();
        do
        {
            var page = await Client.CallAsync("ListLots", request, ListLotsReply.Parser);
            all.AddRange(page.Lots.Select(lot => lot.Initial.Units));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return [.. all];
    }

    [Fact]
    public async Task A_receiver_gets_the_terms_that_the_transfer_says()
    {
        var (from, to) = (await fixture.FundedAsync(100), await fixture.FundedAsync(0));
        var until = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds() * 1_000_000;
        await CallAsync("CreateTransfer", new CreateTransferRequest { FromWallet = from.Id, ToWallet = to.Id, Amount = new Amount { Units = 40, Asset = "USD" }, DestinationLot = new DestinationLot { ExpiresAtUnixNs = until } });
        Assert.Equal(until, Assert.Single((await Client.CallAsync("ListLots", new ListLotsRequest { Wallet = to.Id }, ListLotsReply.Parser)).Lots).ExpiresAtUnixNs);
    }

    /// <summary>Fingerprints are remembered for ever: these two were taken before the younger fields came.</summary>
    [Fact]
    public void Requests_without_the_younger_fields_keep_their_fingerprints()
    {
        var commit = new OperationRequest { Kind = CommandKind.CommitReservation, Reservation = "rsv_x", Destination = "house_wallet", Amount = AmountInput.OfUnits(5), Reference = "r" };
        var credit = new OperationRequest { Kind = CommandKind.CreateCredit, Wallet = "ann", Asset = "USD", Amount = AmountInput.OfUnits(7), ExpiresAt = 9, Attributes = "{}"u8.ToArray() };
        var before = (CommandBuilder.Fingerprint(commit, new RequestUnits(5, 0, 0)), CommandBuilder.Fingerprint(credit, new RequestUnits(7, 0, 0)));
        Assert.Equal((18212356068407758694UL, 10624502138416411390UL), before);
        commit.KeepRest = true;
        credit.Lot = "lot_x";
        Assert.NotEqual(before.Item1, CommandBuilder.Fingerprint(commit, new RequestUnits(5, 0, 0)));
        Assert.NotEqual(before.Item2, CommandBuilder.Fingerprint(credit, new RequestUnits(7, 0, 0)));
    }

    private Task<Transaction> CallAsync(string method, Google.Protobuf.IMessage request) => Client.CallAsync(method, request, Transaction.Parser);
}
