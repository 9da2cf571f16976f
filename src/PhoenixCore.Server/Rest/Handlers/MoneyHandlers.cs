using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Credits, transfers, debits.</summary>
internal sealed class MoneyHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/credits", Scope.CreditsWrite, CreditAsync, NeedsKey: true),
        new("GET", "/credits/{id}", Scope.LedgerRead, call => GetAsync(call, IdKind.Credit, "credit"), NeedsKey: false),
        new("POST", "/transfers", Scope.TransfersWrite, TransferAsync, NeedsKey: true),
        new("GET", "/transfers/{id}", Scope.LedgerRead, call => GetAsync(call, IdKind.Transfer, "transfer"), NeedsKey: false),
        new("POST", "/debits", Scope.DebitsWrite, DebitAsync, NeedsKey: true),
        new("GET", "/debits/{id}", Scope.LedgerRead, call => GetAsync(call, IdKind.Debit, "debit"), NeedsKey: false),
    ];

    /// <summary>A transfer's body says by its members which of the three kinds it is.</summary>
    public static OperationRequest TransferOf(ParsedBody body)
    {
        if (body.Has(BodyField.Reservation)) return body.As(BodyShape.TransferOfReservation);
        if (!body.Has(BodyField.Legs)) return body.As(BodyShape.Transfer);
        var request = body.As(BodyShape.TransferLegs);
        if (body.Parts!.Count > LedgerLimits.TransferLegsMax) throw new ApiErrorException(ApiError.Invalid("legs", $"holds more than {LedgerLimits.TransferLegsMax}"));
        request.Parts = body.Parts.Select((leg, i) => leg.As(BodyShape.Leg, $"legs[{i}].")).ToArray();
        MoveWords(request, request.Parts);
        return request;
    }

    private async ValueTask CreditAsync(RestCall call) =>
        await runner.RunAsync(call, (await runner.ReadBodyAsync(call)).As(BodyShape.Credit), StatusCodes.Status201Created, FactShape.Resource);

    private async ValueTask DebitAsync(RestCall call) =>
        await runner.RunAsync(call, (await runner.ReadBodyAsync(call)).As(BodyShape.Debit), StatusCodes.Status201Created, FactShape.Resource);

    private async ValueTask TransferAsync(RestCall call)
    {
        var request = TransferOf(await runner.ReadBodyAsync(call));
        await runner.RunAsync(call, request, StatusCodes.Status201Created, request.Kind == CommandKind.TransferLegs ? FactShape.TransferLegs : FactShape.Transfer);
    }

    /// <summary>The words of a transfer of legs are stored with its first leg: facts of several parts have none of their own.</summary>
    private static void MoveWords(OperationRequest from, IReadOnlyList<OperationRequest> legs)
    {
        (legs[0].Reference, legs[0].Metadata, legs[0].Context) = (from.Reference, from.Metadata, from.Context);
        foreach (var leg in legs) (leg.Intent, leg.ContextOf) = (from.Intent, legs[0]);
        (from.Reference, from.Metadata, from.Intent, from.Context) = (null, null, null, null);
    }

    private async ValueTask GetAsync(RestCall call, IdKind kind, string thing)
    {
        if (!call.Tenant.Ids.TryParse(kind, call.Parameters[0], out var number)
            || await runner.FindFactAsync(call, Numbers.SequenceOf(number)) is not { } fact
            || !TrySend(call, kind, Numbers.OrdinalOf(number), fact.Payload.Span, fact.Context)) throw new ApiErrorException(ApiError.NotFound(thing));
    }

    private unsafe bool TrySend(RestCall call, IdKind kind, int ordinal, ReadOnlySpan<byte> fact, in FactContext context)
    {
        if (ordinal == Numbers.OrdinalMax)
        {
            runner.SendFact(call, FactShape.TransferLegs, fact, context, StatusCodes.Status200OK);
            return true;
        }

        fixed (byte* payload = fact)
        {
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                if (index++ != ordinal) continue;
                if (KindOf(part) != kind) return false;
                var body = JsonBody.Start(call.Dialect);
                body.OpenEnvelope();
                if (kind == IdKind.Transfer) MoneyJson.WriteTransfer(body, runner.Scope, call.Tenant, part, ordinal, context);
                else FactJson.WritePart(body, runner.Scope, call.Tenant, part, ordinal, context);
                body.CloseEnvelope();
                body.Send(call.Http, StatusCodes.Status200OK);
                return true;
            }
        }

        return false;
    }

    private static IdKind KindOf(in FactPart part) => part.Kind switch
    {
        PartKind.Credited => IdKind.Credit,
        PartKind.Debited => IdKind.Debit,
        _ => part.IsTransfer() ? IdKind.Transfer : IdKind.None,
    };
}
