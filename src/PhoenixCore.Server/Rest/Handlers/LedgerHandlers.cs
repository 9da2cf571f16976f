using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Atomic batches, what became of a key, and transactions as the ledger booked them.</summary>
internal sealed class LedgerHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/batches", Scope.WalletsWrite, BatchAsync, NeedsKey: true),
        new("POST", "/operations/status", Scope.AnyWrite, StatusAsync, NeedsKey: false),
        new("GET", "/operations/by-key/{key}", Scope.LedgerRead | Scope.AnyWrite, call => AnswerStatusAsync(call, call.Parameters[0], call.QuerySwitch("close")), NeedsKey: false),
        new("GET", "/ledger/transactions/{id}", Scope.LedgerRead, TransactionAsync, NeedsKey: false),
    ];

    private async ValueTask BatchAsync(RestCall call)
    {
        var body = await runner.ReadBodyAsync(call);
        var request = body.As(BodyShape.Batch);
        request.Parts = body.Parts!.Select((part, i) => PartOf(part, $"operations[{i}]")).ToArray();
        await runner.RunAsync(call, request, StatusCodes.Status201Created, FactShape.Batch);
    }

    private static OperationRequest PartOf(ParsedBody part, string place)
    {
        var prefix = place + ".";
        switch (part.Type?.ToLowerInvariant())
        {
            case "wallet": return WalletHandlers.WalletOf(part);
            case "asset": return AssetHandlers.AssetOf(part);
            case "credit": return part.As(BodyShape.Credit, prefix);
            case "debit": return part.As(BodyShape.Debit, prefix);
            case "reservation": return part.As(BodyShape.Reservation, prefix);
            case "commit" or "capture": return part.As(BodyShape.CommitInBatch, prefix);
            case "increment": return part.As(BodyShape.Increment with { Required = BodyField.Reservation | BodyField.Amount }, prefix);
            case "release" or "cancel": return part.As(BodyShape.ReleaseInBatch, prefix);
            case "transfer": return part.Has(BodyField.Reservation) ? part.As(BodyShape.TransferOfReservation, prefix) : part.As(BodyShape.Transfer, prefix);
            case "freeze": return StatusOf(part, WalletAction.Freeze, prefix);
            case "unfreeze": return StatusOf(part, WalletAction.Unfreeze, prefix);
            case "close": return StatusOf(part, WalletAction.Close, prefix);
            default: throw new ApiErrorException(ApiError.Invalid(prefix + "type", "must be wallet, asset, credit, debit, transfer, reservation, increment, commit, release, freeze, unfreeze or close"));
        }
    }

    private static OperationRequest StatusOf(ParsedBody part, WalletAction action, string prefix)
    {
        var request = part.As(BodyShape.WalletStatusInBatch, prefix);
        request.Action = action;
        return request;
    }

    private async ValueTask StatusAsync(RestCall call)
    {
        var request = (await runner.ReadBodyAsync(call)).As(BodyShape.KeyStatus);
        await AnswerStatusAsync(call, request.Key!, request.CloseKey);
    }

    private async ValueTask AnswerStatusAsync(RestCall call, string key, bool close)
    {
        if (close) call.Require(Scope.AnyWrite);
        using var reply = await runner.ExecuteAsync(call, new OperationRequest { Kind = CommandKind.KeyStatus, Key = key, CloseKey = close });
        if (reply.Result == LedgerResult.IdempotencyKeyClosed)
        {
            SendStatus(call, key, "closed", reply);
            return;
        }

        if (!reply.IsDuplicate) throw new ApiErrorException(ApiError.Of(reply.Result, -1));
        await runner.Scope.KnowAssetsAsync(call.Tenant, reply.Payload);
        SendStatus(call, key, reply.Result == LedgerResult.Accepted ? "applied" : "refused", reply);
    }

    /// <summary>What was applied is shown as the resource it made; what was refused with its code.</summary>
    private unsafe void SendStatus(RestCall call, string key, string state, in OperationReply reply)
    {
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        body.Json.WriteStartObject();
        body.Json.WriteString("idempotency_key"u8, key);
        body.Json.WriteString("status"u8, state);
        if (state == "refused") body.Json.WriteString("code"u8, ApiResult.Of(reply.Result).Code);
        if (state == "applied")
        {
            body.Id("transaction_id"u8, call.Tenant, IdKind.Transaction, Numbers.Of(reply.Context.Sequence, 0));
            fixed (byte* payload = reply.Payload)
            {
                body.Json.WritePropertyName("result"u8);
                var isBatch = new FactParts(payload).Header->Parts > 1;
                FactJson.Write(body, runner.Scope, call.Tenant, isBatch ? FactShape.Batch : FactShape.Resource, reply.Payload, reply.Context);
            }
        }

        body.Json.WriteEndObject();
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask TransactionAsync(RestCall call)
    {
        if (!call.Tenant.Ids.TryParse(IdKind.Transaction, call.Parameters[0], out var number)
            || await runner.FindFactAsync(call, Numbers.SequenceOf(number)) is not { } fact) throw new ApiErrorException(ApiError.NotFound("transaction"));
        runner.SendFact(call, FactShape.Transaction, fact.Payload.Span, fact.Context, StatusCodes.Status200OK);
    }
}
