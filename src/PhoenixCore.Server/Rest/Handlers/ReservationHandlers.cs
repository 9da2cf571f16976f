using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Reservations, with every name that their verbs have.</summary>
internal sealed class ReservationHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/reservations", CreateAsync, NeedsKey: true),
        new("GET", "/reservations/{id}", GetAsync, NeedsKey: false),
        new("POST", "/reservations/{id}/commit", CommitAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/capture", CommitAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/release", ReleaseAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/cancel", ReleaseAsync, NeedsKey: true),
        new("DELETE", "/reservations/{id}", ReleaseAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/increment", call => ChangeAsync(call, BodyShape.Increment), NeedsKey: true),
        new("POST", "/reservations/{id}/extend", ExtendAsync, NeedsKey: true),
        new("POST", "/reservations/{id}/transfer", TransferAsync, NeedsKey: true),
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

    /// <summary>The live state knows pending reservations and how the last ones ended; what was held stands in the journal for ever.</summary>
    private async ValueTask GetAsync(RestCall call)
    {
        var id = call.Parameters[0];
        if (!call.Tenant.Ids.TryParse(IdKind.Reservation, id, out var number)) throw new ApiErrorException(ApiError.NotFound("reservation"));
        using var reply = await runner.ExecuteAsync(call, new OperationRequest { Kind = CommandKind.ReadReservation, Reservation = id, IsLong = true });
        if (reply.Result is not (LedgerResult.Accepted or LedgerResult.ReservationNotFound)) throw new ApiErrorException(ApiError.Of(reply.Result, -1));
        if (await runner.FindFactAsync(call, Numbers.SequenceOf(number)) is null) throw new ApiErrorException(ApiError.NotFound("reservation"));
        var status = reply.Result == LedgerResult.Accepted ? MemoryMarshal.Read<ReservationView>(reply.Payload).Status : ReservationStatus.None;
        var live = status == ReservationStatus.Pending ? reply.Payload : default;
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        if (!ReservationJson.TryWriteFound(body, runner.Scope, call.Tenant, number, status, live)) throw new ApiErrorException(ApiError.NotFound("reservation"));
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private static OperationRequest Of(RestCall call, OperationRequest request)
    {
        request.Reservation = call.Parameters[0];
        return request;
    }
}
