using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Lots by themselves, and what undoes a credit or transfer.</summary>
internal sealed class LotHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("PATCH", "/lots/{id}", Scope.LotsWrite, UpdateAsync, NeedsKey: true),
        new("POST", "/lots/{id}/expire", Scope.LotsWrite, ExpireAsync, NeedsKey: true),
        new("POST", "/credits/{id}/reverse", Scope.CreditsWrite, call => ReverseAsync(call, BodyShape.ReverseCredit), NeedsKey: true),
        new("POST", "/transfers/{id}/reverse", Scope.TransfersWrite, call => ReverseAsync(call, BodyShape.ReverseTransfer), NeedsKey: true),
    ];

    private async ValueTask UpdateAsync(RestCall call)
    {
        var body = await runner.ReadBodyAsync(call);
        var isGiven = body.Has(BodyField.ExpiresAt | BodyField.ExpiresIn);
        if (body.Errors is null && body.Request.ExpiresAt == 0 && (isGiven || !body.Has(BodyField.Attributes))) body.Refuse(FieldNames.Of(BodyField.ExpiresAt), isGiven ? "can be moved, not taken away" : "or attributes must be given");
        var request = body.As(BodyShape.LotUpdate);
        request.Lot = call.Parameters[0];
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask ExpireAsync(RestCall call)
    {
        var request = (await runner.ReadBodyAsync(call)).As(BodyShape.LotExpiry);
        request.Lot = call.Parameters[0];
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask ReverseAsync(RestCall call, BodyShape shape)
    {
        var request = (await runner.ReadBodyAsync(call)).As(shape);
        request.Original = call.Parameters[0];
        await runner.RunAsync(call, request, StatusCodes.Status201Created, FactShape.Resource);
    }
}
