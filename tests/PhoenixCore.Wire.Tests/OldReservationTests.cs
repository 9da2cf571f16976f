using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>Reservations that ended before the last 65,536 others did.</summary>
public sealed class OldReservationTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private const int Others = 65_536;
    private const int Message = 8_000;

    private LedgerClient Client => fixture.Client;

    [Fact]
    public async Task A_command_on_a_reservation_that_ended_long_ago_says_how_it_ended()
    {
        var wallet = await fixture.FundedAsync(1_000_000);
        var (committed, released) = ((await Client.ReserveAsync(wallet.Id, 1)).ResourceId, (await Client.ReserveAsync(wallet.Id, 1)).ResourceId);
        var expired = (await Client.CallAsync("CreateReservation", new CreateReservationRequest { Wallet = wallet.Id, Amount = new Amount { Units = 1 }, ExpiresAtUnixNs = Soon() }, Transaction.Parser)).ResourceId;
        await Client.CommitAsync(committed, "house_wallet");
        await Client.CallAsync("ReleaseReservation", new ReleaseReservationRequest { ReservationId = released }, Transaction.Parser);
        await Task.Delay(1_200);
        await EndOthersAsync(wallet.Id);

        foreach (var key in new[] { "", fixture.NewName() })
        {
            for (var repeated = 0; repeated < 2; repeated++)
            {
                Assert.Equal((GrpcStatusCode.FailedPrecondition, "RESERVATION_NOT_ACTIVE"), await CommitAsync(committed, key));
                Assert.Equal((GrpcStatusCode.FailedPrecondition, "RESERVATION_NOT_ACTIVE"), await Client.RefusalAsync("ReleaseReservation", new ReleaseReservationRequest { ReservationId = released, IdempotencyKey = key + key }));
                Assert.Equal((GrpcStatusCode.FailedPrecondition, "RESERVATION_EXPIRED"), await Client.RefusalAsync("IncrementReservation", new IncrementReservationRequest { ReservationId = expired, Amount = new Amount { Units = 1 } }));
            }
        }

        var request = new SubmitRequest { Operations = { Commit(expired), Commit(committed), Release(released), Commit(wallet.Id), Commit("rsv_none") } };
        Assert.Equal([ResultCode.ReservationExpired, ResultCode.ReservationNotActive, ResultCode.ReservationNotActive, ResultCode.ReservationNotFound, ResultCode.ReservationNotFound], await SubmitAsync(request));
        request.Atomic = true;
        request.IdempotencyKey = ByteString.CopyFromUtf8(fixture.NewName());
        request.Operations.Insert(0, new SubmitOperation { Reserve = new SubmitReserve { Wallet = wallet.Id, Units = 1 } });
        for (var repeated = 0; repeated < 2; repeated++) Assert.Equal(ResultCode.ReservationExpired, (await SubmitAsync(request))[1]);
        Assert.Equal(ReservationStatus.Expired, (await Client.CallAsync("GetReservation", new GetReservationRequest { ReservationId = expired }, Reservation.Parser)).Status);
    }

    private async Task EndOthersAsync(string wallet)
    {
        for (var left = Others; left > 0; left -= Message)
        {
            var reserve = new SubmitRequest();
            for (var i = 0; i < Math.Min(left, Message); i++) reserve.Operations.Add(new SubmitOperation { Reserve = new SubmitReserve { Wallet = wallet, Units = 1 } });
            var made = await Client.SubmitAsync(reserve);
            var release = new SubmitRequest();
            foreach (var result in made.Results) release.Operations.Add(Release(result.Id));
            Assert.All((await Client.SubmitAsync(release)).Results, result => Assert.Equal(ResultCode.Accepted, result.Code));
        }
    }

    private static long Soon() => (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1_000) * 1_000_000;

    private Task<(GrpcStatusCode Status, string? Reason)> CommitAsync(string reservation, string key) =>
        Client.RefusalAsync("CommitReservation", new CommitReservationRequest { ReservationId = reservation, IdempotencyKey = key });

    private async Task<ResultCode[]> SubmitAsync(SubmitRequest request) => [.. (await Client.SubmitAsync(request)).Results.Select(result => result.Code)];

    private static SubmitOperation Commit(string reservation) => new() { Commit = new SubmitCommit { Reservation = reservation } };

    private static SubmitOperation Release(string reservation) => new() { Release = new SubmitRelease { Reservation = reservation } };
}
