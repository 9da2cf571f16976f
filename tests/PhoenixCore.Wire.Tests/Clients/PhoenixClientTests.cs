using PhoenixCore.Client;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Errors;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests.Clients;

public sealed class PhoenixClientTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private readonly PhoenixClient _phoenix = new(fixture.Server.Address, WireServer.Key, new PhoenixClientOptions { BackoffMin = TimeSpan.FromMilliseconds(5), AttemptsMax = 3 });

    [Fact]
    public async Task A_bet_is_placed_and_lost()
    {
        var player = await PlayerAsync(10_000);
        var bet = await _phoenix.Reservations.CreateAsync(player.Id, Dollars(2_500), new ReservationTerms { MetadataJson = """{"game":"blackjack"}""" });
        var held = await _phoenix.Wallets.GetAsync(player.Id);
        Assert.Equal((Dollars(7_500), Dollars(2_500)), (held.BalanceOf("USD")!.Available, held.BalanceOf("USD")!.Reserved));

        var lost = await _phoenix.Transfers.FromReservationAsync(bet.Id, "house_wallet");
        Assert.Equal((bet.Id, false), (lost.Id, lost.IsDuplicate));
        var ended = await _phoenix.Reservations.GetAsync(bet.Id);
        Assert.Equal((ReservationStatus.Committed, Dollars(2_500), Dollars(0)), (ended.Status, ended.Committed!.Value, ended.Released!.Value));
        Assert.Equal(Dollars(7_500), (await _phoenix.Wallets.GetAsync(player.Id)).BalanceOf("USD")!.Total);
    }

    [Fact]
    public async Task A_reservation_is_changed_step_by_step()
    {
        var player = await PlayerAsync(1_000);
        var held = await _phoenix.Reservations.CreateAsync(player.Id, Dollars(100));
        await _phoenix.Reservations.IncrementAsync(held.Id, Dollars(50));
        var until = DateTimeOffset.UtcNow.AddHours(2);
        await _phoenix.Reservations.ExtendAsync(held.Id, until, "late match");
        await _phoenix.Reservations.CommitPartAsync(held.Id, Dollars(30), "house_wallet");
        await _phoenix.Reservations.ReleaseAsync(held.Id, Dollars(20));
        var now = await _phoenix.Reservations.GetAsync(held.Id);
        Assert.Equal((ReservationStatus.Pending, Dollars(30), Dollars(20)), (now.Status, now.Committed!.Value, now.Released!.Value));
        Assert.Equal(until.ToUnixTimeSeconds(), now.ExpiresAt.ToUnixTimeSeconds());
        Assert.Equal((Dollars(870), Dollars(100)), (await _phoenix.Wallets.GetAsync(player.Id)).BalanceOf("USD") is { } left ? (left.Available, left.Reserved) : default);
        await _phoenix.Reservations.ReleaseAsync(held.Id);
        Assert.Equal("RESERVATION_NOT_ACTIVE", (await Assert.ThrowsAsync<PhoenixRefusedException>(() => _phoenix.Reservations.IncrementAsync(held.Id, Dollars(1)))).Code);
    }

    [Fact]
    public async Task What_was_booked_is_taken_back_and_a_lot_is_changed_and_ended()
    {
        var player = await PlayerAsync(0);
        var credit = await _phoenix.Credits.CreateAsync(player.Id, Dollars(100));
        var once = new RequestOptions { IdempotencyKey = fixture.NewName() };
        var taken = await _phoenix.Credits.ReverseAsync(credit.Id, Dollars(40), "typing error", options: once);
        Assert.Equal((taken.TransactionId, true), (await _phoenix.Credits.ReverseAsync(credit.Id, Dollars(40), "typing error", options: once)) is var again ? (again.TransactionId, again.IsDuplicate) : default);
        var sent = await _phoenix.Transfers.CreateAsync(player.Id, "house_wallet", Dollars(10));
        await _phoenix.Transfers.ReverseAsync(sent.Id);
        Assert.Equal("ALREADY_REVERSED", (await Assert.ThrowsAsync<PhoenixRefusedException>(() => _phoenix.Transfers.ReverseAsync(sent.Id))).Code);
        Assert.Equal(Dollars(60), (await _phoenix.Wallets.GetAsync(player.Id)).BalanceOf("USD")!.Total);

        var lot = await _phoenix.Lots.ListAsync(player.Id).SingleAsync();
        var end = DateTimeOffset.UtcNow.AddDays(3);
        await _phoenix.Lots.UpdateAsync(lot.Id, end, """{"campaign":"spring"}""");
        var changed = await _phoenix.Lots.GetAsync(lot.Id);
        Assert.Equal((end.ToUnixTimeSeconds(), """{"campaign":"spring"}"""), (changed.ExpiresAt!.Value.ToUnixTimeSeconds(), changed.AttributesJson));
        await _phoenix.Lots.ExpireAsync(lot.Id, "asked for");
        Assert.Equal(Dollars(0), (await _phoenix.Wallets.GetAsync(player.Id)).BalanceOf("USD")!.Total);
        Assert.Equal("LOT_NOT_FOUND", (await Assert.ThrowsAsync<PhoenixNotFoundException>(() => _phoenix.Lots.ExpireAsync(lot.Id))).Code);
    }

    [Fact]
    public async Task Amounts_are_read_at_the_scale_of_the_asset()
    {
        await _phoenix.Assets.CreateAsync("SAT", 8, "satoshi");
        var player = await PlayerAsync(0);
        await _phoenix.Credits.CreateAsync(player.Id, await _phoenix.Assets.MoneyAsync("0.00000001", "SAT"));
        await _phoenix.Credits.CreateAsync(player.Id, await _phoenix.Assets.MoneyAsync("12345678901234567890.5", "SAT"));
        Assert.Equal("12345678901234567890.50000001 SAT", (await _phoenix.Wallets.GetAsync(player.Id)).BalanceOf("SAT")!.Total.ToString());
        await Assert.ThrowsAsync<FormatException>(async () => await _phoenix.Assets.MoneyAsync("0.000000001", "SAT"));
    }

    [Fact]
    public async Task Lists_go_on_over_pages_until_their_end()
    {
        var player = await PlayerAsync(0);
        for (var i = 1; i <= 205; i++) await _phoenix.Credits.CreateAsync(player.Id, Dollars(i));
        var filter = new HistoryFilter { Wallet = player.Id };
        var amounts = await _phoenix.Credits.ListAsync(filter).Select(row => (int)row.Postings.Single().Amount.Units).ToArrayAsync();
        Assert.Equal(Enumerable.Range(1, 205).Reverse(), amounts);
        Assert.Equal(205, await _phoenix.Lots.ListAsync(player.Id).CountAsync());
        Assert.Equal(205, await _phoenix.Ledger.ListTransactionsAsync(filter).CountAsync());
        Assert.Equal(205, await _phoenix.Ledger.ListEntriesAsync(filter).CountAsync());
        Assert.Contains(player.Id, await _phoenix.Wallets.ListAsync().Select(wallet => wallet.Id).ToListAsync());
        Assert.True((await _phoenix.Ledger.GetTrialBalanceAsync()).IsBalanced);
    }

    [Fact]
    public async Task Errors_say_what_can_be_done_about_them()
    {
        var player = await PlayerAsync(100);
        var poor = await Assert.ThrowsAsync<PhoenixRefusedException>(() => _phoenix.Debits.CreateAsync(player.Id, Dollars(101), options: new RequestOptions { IdempotencyKey = "poor-" + player.Id }));
        Assert.Equal(("INSUFFICIENT_BALANCE", "poor-" + player.Id), (poor.Code, poor.IdempotencyKey));
        Assert.Equal((OperationOutcome.Refused, "INSUFFICIENT_BALANCE"), (await _phoenix.Ledger.FindKeyAsync(poor.IdempotencyKey!) is var found ? (found.Outcome, found.Code) : default));
        Assert.Equal("WALLET_NOT_FOUND", (await Assert.ThrowsAsync<PhoenixNotFoundException>(() => _phoenix.Wallets.GetAsync("nobody"))).Code);
        await Assert.ThrowsAsync<PhoenixInvalidRequestException>(() => _phoenix.Credits.CreateAsync(player.Id, Dollars(0)));
        using var stranger = new PhoenixClient(fixture.Server.Address, "phx_nobody_nobody");
        await Assert.ThrowsAsync<PhoenixCredentialException>(() => stranger.Wallets.GetAsync("house_wallet"));
        Assert.Equal("DUPLICATE_EXTERNAL_ID", (await Assert.ThrowsAsync<PhoenixRefusedException>(() => _phoenix.Wallets.CreateAsync(new NewWallet(player.ExternalId)))).Code);
    }

    [Fact]
    public async Task Where_nobody_answers_the_call_ends_and_names_its_key()
    {
        using var lost = new PhoenixClient(new Uri("http://127.0.0.1:1/"), "k", new PhoenixClientOptions { AttemptsMax = 3, BackoffMin = TimeSpan.FromMilliseconds(1) });
        var error = await Assert.ThrowsAsync<PhoenixUnavailableException>(() => lost.Credits.CreateAsync("w", Dollars(1)));
        Assert.NotNull(error.IdempotencyKey);
        using var impatient = new CancellationTokenSource();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.Wallets.GetAsync("w", impatient.Token));
    }

    [Fact]
    public async Task The_same_key_by_hand_has_one_effect()
    {
        var player = await PlayerAsync(0);
        var once = new RequestOptions { IdempotencyKey = "once-" + player.Id };
        var first = await _phoenix.Credits.CreateAsync(player.Id, Dollars(5), options: once);
        var second = await _phoenix.Credits.CreateAsync(player.Id, Dollars(5), options: once);
        Assert.Equal(first with { IsDuplicate = true }, second);
        Assert.Equal(Dollars(5), (await _phoenix.Wallets.GetAsync(player.Id)).BalanceOf("USD")!.Total);
    }

    [Fact]
    public async Task Events_come_as_they_happen()
    {
        var player = await PlayerAsync(0);
        using var ends = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var events = _phoenix.Events.StreamAsync(wallet: player.Id, types: ["wallet.credited"], ct: ends.Token).GetAsyncEnumerator(ends.Token);
        var next = events.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            await _phoenix.Credits.CreateAsync(player.Id, Dollars(5));
            await Task.WhenAny(next, Task.Delay(50, ends.Token));
        }

        Assert.True(await next);
        Assert.Equal(("wallet.credited", Dollars(5)), (events.Current.Type, events.Current.Amount!.Value));
        var wrong = await Assert.ThrowsAsync<PhoenixInvalidRequestException>(async () => await _phoenix.Events.StreamAsync(types: ["no.type"], ct: ends.Token).FirstAsync(ends.Token));
        Assert.Equal(GrpcStatusCode.InvalidArgument, wrong.Status);
    }

    private static Money Dollars(Int128 cents) => new(cents, 2, "USD");

    private async Task<PhoenixCore.Client.Api.Wallet> PlayerAsync(int cents)
    {
        var player = await _phoenix.Wallets.CreateAsync(new NewWallet(fixture.NewName()) { DefaultAsset = "USD" });
        if (cents > 0) await _phoenix.Credits.CreateAsync(player.Id, Dollars(cents));
        return player;
    }
}
