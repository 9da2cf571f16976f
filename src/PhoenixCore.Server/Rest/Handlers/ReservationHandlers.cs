using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Reservations, with every name that their verbs have.</summary>
internal sealed class ReservationHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/reservations", Scope.ReservationsWrite, CreateAsync, NeedsKey: true),
        new("GET", "/reservations/{id}", Scope.WalletsRead, GetAsync, NeedsKey: false),
        new("POST", "/reservations/{id}/commit", Scope.ReservationsWrite, CommitAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/capture", Scope.ReservationsWrite, CommitAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/release", Scope.ReservationsWrite, ReleaseAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/cancel", Scope.ReservationsWrite, ReleaseAsync, NeedsKey: true),
        new("DELETE", "/reservations/{id}", Scope.ReservationsWrite, ReleaseAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/increment", Scope.ReservationsWrite, call => ChangeAsync(call, BodyShape.Increment), NeedsKey: true),
        new("POST", "/reservations/{id}/extend", Scope.ReservationsWrite, ExtendAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/transfer", Scope.ReservationsWrite, TransferAsync, NeedsKey: true),
    ];

    private async ValueTask CreateAsync(RestCall call) =>
        await runner.RunAsync(call, (await runner.ReadBodyAsync(call)).As(BodyShape.Reservation), StatusCodes.Status201Created, FactShape.Resource);

    private async ValueTask CommitAsync(RestCall call) =>
        await runner.RunAsync(call, Of(call, (await runner.ReadBodyAsync(call)).As(BodyShape.Commit)), StatusCodes.Status200OK, FactShape.Resource);

    private async ValueTask ReleaseAsync(RestCall call) =>
        await runner.RunAsync(call, Of(call, (await runner.ReadBodyAsync(call)).As(BodyShape.Release)), StatusCodes.Status200OK, FactShape.Resource);

    private async ValueTask ChangeAsync(RestCall call, BodyShape shape) =>
        await runner.RunAsync(call, Of(call, (await runner.ReadBodyAsync(call)).As(shape)), StatusCodes.Status200OK, FactShape.Resource);

    private async ValueTask ExtendAsync(RestCall call)
    {
        var body = await runner.ReadBodyAsync(call);
        if (body.Request.ExpiresAt == 0 && body.Errors is null) body.Refuse(FieldNames.Of(BodyField.ExpiresAt), "is required");
        await runner.RunAsync(call, Of(call, body.As(BodyShape.Extension)), StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask TransferAsync(RestCall call)
    {
        var body = await runner.ReadBodyAsync(call);
        if (body.Has(BodyField.Reservation)) body.Refuse(FieldNames.Of(BodyField.Reservation), "stands in the path");
        body.Seen |= BodyField.Reservation;
        await runner.RunAsync(call, Of(call, body.As(BodyShape.TransferOfReservation)), StatusCodes.Status201Created, FactShape.Transfer);
    }

    /// <summary>What was held stands in the fact that made it, how it ended in the one that ended it, however long ago.</summary>
    private async ValueTask GetAsync(RestCall call)
    {
        if (!call.Tenant.Ids.TryParse(IdKind.Reservation, call.Parameters[0], out var number)
            || await runner.History.Reservations.FindAsync(call.Tenant, number, runner.Patience) is not { } found) throw new ApiErrorException(ApiError.NotFound("reservation"));
        await runner.Scope.KnowAssetsAsync(call.Tenant, found.Made.Fact);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        ReservationJson.WriteFound(body, runner.Scope, call.Tenant, found.Made, found.Outcome);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private static OperationRequest Of(RestCall call, OperationRequest request)
    {
        request.Reservation = call.Parameters[0];
        return request;
    }
}
