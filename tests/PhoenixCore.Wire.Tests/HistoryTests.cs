using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class HistoryTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task A_wallets_entries_add_up_to_its_balance_at_every_transaction()
    {
        var (player, other) = (await fixture.FundedAsync(1_000), await fixture.FundedAsync(1_000));
        var random = new Random(7);
        for (var i = 0; i < 60; i++) await StepAsync(random, player.Id, other.Id);

        var entries = await EntriesAsync(new ListHistoryRequest { Wallet = player.ExternalId, PageSize = 9 });
        Assert.Equal(entries.Count, entries.Select(entry => entry.Id).Distinct().Count());
        Assert.All(entries, entry => Assert.Equal(player.Id, entry.WalletId));
        entries.Reverse();
        foreach (var moment in entries)
        {
            var then = await CallAsync("GetBalances", new GetBalancesRequest { Wallet = player.Id, Sequence = moment.Sequence }, GetBalancesReply.Parser);
            Assert.Equal((moment.Sequence, moment.CreatedAtUnixNs), (then.Sequence, then.DecidedAtUnixNs));
            var balance = Assert.Single(then.Balances);
            var known = entries.Where(entry => entry.Sequence <= moment.Sequence).ToArray();
            Assert.Equal((Sum(known, Column.Available), Sum(known, Column.Reserved)), ((long)balance.Available.Units, (long)balance.Reserved.Units));
            var at = await CallAsync("GetBalances", new GetBalancesRequest { Wallet = player.Id, AtUnixNs = moment.CreatedAtUnixNs }, GetBalancesReply.Parser);
            Assert.Equal(then, at);
            var before = await CallAsync("GetBalances", new GetBalancesRequest { Wallet = player.Id, AtUnixNs = moment.CreatedAtUnixNs - 1 }, GetBalancesReply.Parser);
            Assert.Equal(Sum(entries.Where(entry => entry.CreatedAtUnixNs < moment.CreatedAtUnixNs), Column.Available), (long)(before.Balances.SingleOrDefault()?.Available.Units ?? 0));
        }
    }

    [Fact]
    public async Task Lists_take_the_filters_that_their_names_say()
    {
        var (a, b) = (await fixture.FundedAsync(1_000), await fixture.FundedAsync(0));
        var transfer = await Client.TransferAsync(a.Id, b.Id, 100);
        var stake = await Client.ReserveAsync(a.Id, 50);
        var settled = await Client.CommitAsync(stake.ResourceId, b.Id);
        var debit = await Client.CallAsync("CreateDebit", new CreateDebitRequest { Wallet = b.Id, Amount = new Amount { Units = 7, Asset = "USD" }, Reference = "fee" }, Transaction.Parser);

        Assert.Equal([settled.Id, stake.Id, transfer.Id], (await TransactionsAsync(new ListHistoryRequest { Wallet = a.Id, PageSize = 2 })).SkipLast(1).Select(found => found.Id));
        Assert.Equal([stake.Id], (await TransactionsAsync(new ListHistoryRequest { Wallet = a.Id, Types_ = { OperationType.Reservation } })).Select(found => found.Id));
        Assert.Equal([debit.Id], (await TransactionsAsync(new ListHistoryRequest { Reference = "fee" })).Select(found => found.Id));
        var large = new ListHistoryRequest { Wallet = b.Id, Asset = "USD", MinAmount = new Amount { Units = 60 } };
        Assert.Equal([transfer.Id], (await TransactionsAsync(large)).Select(found => found.Id));

        var transfers = await CallAsync("ListTransfers", new ListHistoryRequest { Wallet = b.Id }, ListOperationsReply.Parser);
        Assert.Equal([settled.Id, transfer.Id], transfers.Operations.Select(row => row.TransactionId));
        Assert.All(transfers.Operations, row => Assert.StartsWith("txf_", row.Operation.Id));
        Assert.Equal(debit.ResourceId, Assert.Single((await CallAsync("ListDebits", new ListHistoryRequest { Wallet = b.Id }, ListOperationsReply.Parser)).Operations).Operation.Id);
        Assert.Single((await CallAsync("ListCredits", new ListHistoryRequest { Wallet = a.Id, FromUnixNs = a.CreatedAtUnixNs }, ListOperationsReply.Parser)).Operations);

        var lot = stake.Operations.Count > 0 ? "" : (await ReservationAsync(stake.ResourceId)).HeldLots[0].LotId;
        Assert.Equal(1_000UL, (await CallAsync("GetLot", new GetLotRequest { LotId = lot }, LotHistory.Parser)).Lot.Initial.Units);
        var ofLot = await EntriesAsync(new ListHistoryRequest { LotId = lot, Direction = Direction.Credit, Account = Column.Reserved });
        Assert.Equal(50UL, Assert.Single(ofLot).Amount.Units);
    }

    [Fact]
    public async Task Reservations_say_how_they_ended()
    {
        var wallet = await fixture.FundedAsync(1_000);
        var open = await Client.ReserveAsync(wallet.Id, 1);
        var committed = await Client.ReserveAsync(wallet.Id, 10);
        var released = await Client.ReserveAsync(wallet.Id, 5);
        var end = await Client.CallAsync("CommitReservation", new CommitReservationRequest { ReservationId = committed.ResourceId, Amount = new Amount { Units = 4 } }, Transaction.Parser);
        await Client.CallAsync("ReleaseReservation", new ReleaseReservationRequest { ReservationId = released.ResourceId }, Transaction.Parser);

        var all = await CallAsync("ListReservations", new ListReservationsRequest { Wallet = wallet.Id }, ListReservationsReply.Parser);
        Assert.Equal([released.ResourceId, committed.ResourceId, open.ResourceId], all.Reservations.Select(found => found.Id));
        foreach (var listed in all.Reservations) Assert.Equal(listed, await ReservationAsync(listed.Id));
        var ended = all.Reservations[1];
        Assert.Equal((ReservationStatus.Committed, 4UL, 6UL, end.Id, end.DecidedAtUnixNs), (ended.Status, ended.CommittedAmount.Units, ended.ReleasedAmount.Units, ended.EndTransactionId, ended.EndedAtUnixNs));
        var pending = await CallAsync("ListReservations", new ListReservationsRequest { Wallet = wallet.Id, Status = ReservationStatus.Pending }, ListReservationsReply.Parser);
        Assert.Equal(open.ResourceId, Assert.Single(pending.Reservations).Id);
        Assert.Equal(0UL, pending.Reservations[0].CommittedAmount.Units);
    }

    [Fact]
    public async Task The_trial_balance_proves_that_debits_equal_credits()
    {
        var wallet = await fixture.FundedAsync(1_000);
        await Client.ReserveAsync(wallet.Id, 10);
        var trial = await CallAsync("GetTrialBalance", new GetTrialBalanceRequest { Asset = "USD" }, TrialBalance.Parser);
        Assert.True(trial.Balanced && trial.Complete);
        var dollars = Assert.Single(trial.Assets);
        Assert.Equal((dollars.TotalDebits, "USD"), (dollars.TotalCredits, dollars.Asset));
        Assert.Equal(0, dollars.Lines.Sum(line => long.Parse(line.Balance)));
        Assert.NotEqual("0", dollars.Lines.Single(line => line.Account == "wallets:reserved").Balance);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_with_its_code()
    {
        var wallet = await fixture.FundedAsync(10);
        Assert.Equal((GrpcStatusCode.NotFound, "WALLET_NOT_FOUND"), await RefusalAsync("ListTransactions", new ListHistoryRequest { Wallet = "nobody" }));
        Assert.Equal((GrpcStatusCode.NotFound, "ASSET_NOT_FOUND"), await RefusalAsync("ListEntries", new ListHistoryRequest { Asset = "NONE" }));
        Assert.Equal((GrpcStatusCode.NotFound, "LOT_NOT_FOUND"), await RefusalAsync("GetLot", new GetLotRequest { LotId = "lot_00000000000000000000000000" }));
        foreach (var request in new[] { new ListHistoryRequest { PageToken = "x" }, new ListHistoryRequest { PageSize = 101 }, new ListHistoryRequest { LotId = "x" }, new ListHistoryRequest { MinAmount = new Amount { Units = 1 } } })
            Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await RefusalAsync("ListTransactions", request));
        foreach (var request in new[] { new GetBalancesRequest { Wallet = wallet.Id }, new GetBalancesRequest { Wallet = wallet.Id, Sequence = ulong.MaxValue }, new GetBalancesRequest { Wallet = wallet.Id, AtUnixNs = long.MaxValue } })
            Assert.Equal((GrpcStatusCode.InvalidArgument, "VALIDATION_ERROR"), await RefusalAsync("GetBalances", request));
        using var stranger = new LedgerClient(fixture.Server.Address, "another key");
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => stranger.Channel.UnaryAsync("/phoenix.v1.History/GetTrialBalance", new GetTrialBalanceRequest(), TrialBalance.Parser));
        Assert.Equal(GrpcStatusCode.Unauthenticated, refusal.Code);
    }

    [Fact]
    public async Task Lists_of_wallets_take_filters()
    {
        var wallet = await fixture.FundedAsync(0);
        await Client.CallAsync("SetWalletStatus", new SetWalletStatusRequest { Wallet = wallet.Id, Action = WalletAction.Freeze }, Wallet.Parser);
        var frozen = await Client.CallAsync("ListWallets", new ListWalletsRequest { Status = WalletStatus.Frozen }, ListWalletsReply.Parser);
        Assert.Equal(wallet.Id, Assert.Single(frozen.Wallets).Id);
        Assert.Empty((await Client.CallAsync("ListWallets", new ListWalletsRequest { ExternalId = wallet.ExternalId, Status = WalletStatus.Active }, ListWalletsReply.Parser)).Wallets);
        Assert.Single((await Client.CallAsync("ListWallets", new ListWalletsRequest { ExternalId = wallet.ExternalId }, ListWalletsReply.Parser)).Wallets);
        Assert.Empty((await Client.CallAsync("ListWallets", new ListWalletsRequest { HolderId = "nobody" }, ListWalletsReply.Parser)).Wallets);
    }

    private async Task StepAsync(Random random, string player, string other)
    {
        var units = (ulong)random.Next(1, 30);
        switch (random.Next(4))
        {
            case 0:
                await Client.CreditAsync(player, units);
                break;
            case 1:
                await Client.TransferAsync(player, other, units);
                break;
            case 2:
                await Client.TransferAsync(other, player, units);
                break;
            default:
                var stake = await Client.ReserveAsync(player, units);
                if (random.Next(2) == 0) await Client.CommitAsync(stake.ResourceId, other);
                break;
        }
    }

    private async Task<List<Entry>> EntriesAsync(ListHistoryRequest request)
    {
        var all = new List<Entry>();
        while (true)
        {
            var page = await CallAsync("ListEntries", request, ListEntriesReply.Parser);
            all.AddRange(page.Entries);
            if (page.NextPageToken.Length == 0) return all;
            request.PageToken = page.NextPageToken;
        }
    }

    private async Task<List<Transaction>> TransactionsAsync(ListHistoryRequest request)
    {
        var all = new List<Transaction>();
        while (true)
        {
            var page = await CallAsync("ListTransactions", request, ListTransactionsReply.Parser);
            all.AddRange(page.Transactions);
            if (page.NextPageToken.Length == 0) return all;
            request.PageToken = page.NextPageToken;
        }
    }

    private static long Sum(IEnumerable<Entry> entries, Column column) =>
        entries.Where(entry => entry.Account == column).Sum(entry => entry.Direction == Direction.Debit ? -(long)entry.Amount.Units : (long)entry.Amount.Units);

    private Task<Reservation> ReservationAsync(string id) => Client.CallAsync("GetReservation", new GetReservationRequest { ReservationId = id }, Reservation.Parser);

    private Task<TReply> CallAsync<TReply>(string method, IMessage request, MessageParser<TReply> parser)
        where TReply : IMessage<TReply> =>
        Client.Channel.UnaryRawAsync("/phoenix.v1.History/" + method, GrpcFrame.Encode(request), reply => parser.ParseFrom(reply.Span), new CallOptions { Metadata = Client.Metadata }).AsTask();

    private async Task<(GrpcStatusCode Status, string? Reason)> RefusalAsync(string method, IMessage request)
    {
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => Client.Channel.UnaryRawAsync("/phoenix.v1.History/" + method, GrpcFrame.Encode(request), reply => reply.Length, new CallOptions { Metadata = Client.Metadata }).AsTask());
        return (refusal.Code, refusal.Reason);
    }
}
