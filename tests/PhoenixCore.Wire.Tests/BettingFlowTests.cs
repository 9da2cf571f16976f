using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class BettingFlowTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task A_lost_bet_goes_to_the_house_and_every_balance_says_so()
    {
        var house = await HouseAsync();
        var player = await Client.CreateWalletAsync(fixture.NewName());
        await Client.CreditAsync(player.Id, 10_000);
        Assert.Equal((10_000UL, 0UL), await fixture.BalanceAsync(player.Id));

        var stake = await Client.ReserveAsync(player.Id, 2_500);
        Assert.StartsWith("rsv_", stake.ResourceId);
        Assert.Equal((7_500UL, 2_500UL), await fixture.BalanceAsync(player.Id));
        Assert.Equal(ReservationStatus.Pending, (await ReservationAsync(stake.ResourceId)).Status);

        var settled = await Client.CommitAsync(stake.ResourceId, "house_wallet");
        Assert.Equal(stake.ResourceId, settled.ResourceId);
        Assert.Equal((7_500UL, 0UL), await fixture.BalanceAsync(player.Id));
        Assert.Equal(house + 2_500, await HouseAsync());
        var reservation = await ReservationAsync(stake.ResourceId);
        Assert.Equal((ReservationStatus.Committed, 2_500UL, "USD", 2U), (reservation.Status, reservation.Amount.Units, reservation.Amount.Asset, reservation.Amount.Scale));
        Assert.Equal(2_500UL, Assert.Single(reservation.HeldLots).Amount.Units);
    }

    [Fact]
    public async Task A_won_bet_gives_the_stake_back_and_pays_out_of_the_house()
    {
        var rich = await fixture.FundedAsync(50_000);
        await Client.TransferAsync(rich.Id, "house_wallet", 50_000);
        var player = await fixture.FundedAsync(10_000);
        var house = await HouseAsync();

        var stake = await Client.ReserveAsync(player.ExternalId, 2_500);
        var released = await Client.CallAsync("ReleaseReservation", new ReleaseReservationRequest { ReservationId = stake.ResourceId }, Transaction.Parser);
        Assert.Equal(stake.ResourceId, released.ResourceId);
        var payout = await Client.TransferAsync("house_wallet", player.Id, 2_400, details: true);
        Assert.StartsWith("txf_", payout.ResourceId);
        Assert.Equal((12_400UL, 0UL), await fixture.BalanceAsync(player.Id));
        Assert.Equal(house - 2_400, await HouseAsync());

        var posting = Assert.Single(Assert.Single(payout.Operations).Postings);
        Assert.Equal((player.Id, 2_400UL, 12_400UL), (posting.CreditWalletId, posting.Amount.Units, posting.CreditAfter.Units));
        var later = await Client.CallAsync("GetTransaction", new GetTransactionRequest { Id = payout.ResourceId }, Transaction.Parser);
        Assert.Equal(payout, later);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bets_in_a_stream_are_reserved_then_settled(bool atomic)
    {
        const int Bets = 64;
        var players = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.FundedAsync(10_000)));
        var house = await HouseAsync();
        await using var stream = Client.Submit();

        var reserve = new SubmitRequest { Atomic = atomic };
        for (var i = 0; i < Bets; i++) reserve.Operations.Add(new SubmitOperation { Reserve = new SubmitReserve { Wallet = players[i % 8].Id, Units = 100 } });
        await stream.WriteAsync(reserve);
        Assert.True(await stream.MoveNextAsync());
        var stakes = stream.Current.Results.Select(result => result.Id).ToArray();
        Assert.Equal(Bets, stakes.Distinct().Count());
        Assert.All(players, player => Assert.Equal((9_200UL, 800UL), fixture.BalanceAsync(player.Id).Result));

        var settle = new SubmitRequest { Atomic = atomic };
        foreach (var stake in stakes) settle.Operations.Add(new SubmitOperation { Commit = new SubmitCommit { Reservation = stake, ToWallet = "house_wallet" } });
        await stream.WriteAsync(settle);
        stream.Complete();
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal(Enumerable.Repeat(new SubmitResult(), Bets), stream.Current.Results);
        Assert.False(await stream.MoveNextAsync());
        Assert.All(players, player => Assert.Equal((9_200UL, 0UL), fixture.BalanceAsync(player.Id).Result));
        Assert.Equal(house + (Bets * 100), await HouseAsync());
    }

    private async Task<ulong> HouseAsync()
    {
        var house = await Client.GetWalletAsync("house_wallet");
        Assert.True(house.Pooled);
        return house.Balances.SingleOrDefault(balance => balance.Available.Asset == "USD")?.Available.Units ?? 0;
    }

    private Task<Reservation> ReservationAsync(string id) => Client.CallAsync("GetReservation", new GetReservationRequest { ReservationId = id }, Reservation.Parser);
}
