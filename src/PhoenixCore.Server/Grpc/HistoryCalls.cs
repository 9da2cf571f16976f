using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Rendering;

namespace PhoenixCore.Server.Grpc;

/// <summary>Calls about what was decided: reservations, transactions, idempotency keys.</summary>
internal sealed class HistoryCalls(Operations operations, StateReads reads, AssetDirectory assets, TransactionRenderer renderer)
{
    private static readonly IdKind[] Transactions = [IdKind.Transaction, IdKind.Credit, IdKind.Transfer, IdKind.Debit, IdKind.Reservation];

    /// <summary>What was held stands in the fact that made it, how it ended in the one that ended it, however long ago.</summary>
    public async ValueTask<Reservation> GetReservationAsync(GetReservationRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        if (!tenant.Ids.TryParse(IdKind.Reservation, request.ReservationId, out var number)
            || await PastCalls.Guard(operations.History.Reservations.FindAsync(tenant, number, call.CancellationToken)).ConfigureAwait(false) is not { } found)
            throw new GrpcException(Statuses.Of(LedgerResult.ReservationNotFound));
        return await ReservationRenderer.RenderAsync(tenant, assets, found.Made, found.Outcome, call.CancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Transaction> GetTransactionAsync(GetTransactionRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        foreach (var kind in Transactions)
        {
            if (!tenant.Ids.TryParse(kind, request.Id, out var number)) continue;
            if (reads.FindFact(tenant, Numbers.SequenceOf(number)) is not { } fact || !Has(fact.Payload, fact.Context, kind, number)) break;
            return await renderer.RenderAsync(tenant, fact.Payload, fact.Context, false, call.CancellationToken).ConfigureAwait(false);
        }

        throw new GrpcException(Statuses.NotFound("TRANSACTION_NOT_FOUND", "no such transaction"));
    }

    public async ValueTask<GetOperationReply> GetOperationAsync(GetOperationRequest request, GrpcCall call)
    {
        if (request.Close) GrpcCaller.Require(call, Scope.AnyWrite);
        var tenant = GrpcCaller.TenantOf(call);
        using var reply = await operations.ExecuteAsync(tenant, RequestMapper.Map(request, call), call.CancellationToken).ConfigureAwait(false);
        if (reply.Result == LedgerResult.IdempotencyKeyClosed) return new GetOperationReply { Outcome = OperationOutcome.Closed };
        if (!reply.IsDuplicate) throw new GrpcException(Statuses.Of(reply.Result));
        if (reply.Result != LedgerResult.Accepted)
            return new GetOperationReply { Outcome = OperationOutcome.Refused, Code = (ResultCode)(int)reply.Result, Reason = ApiResult.Of(reply.Result).Code };

        var transaction = await renderer.RenderAsync(tenant, reply, details: true, CancellationToken.None).ConfigureAwait(false);
        transaction.Duplicate = false; // the question is not a repetition
        return new GetOperationReply { Outcome = OperationOutcome.Applied, Transaction = transaction };
    }

    /// <summary>Whether the fact made this thing: an id of another place in it, or of a refusal, names nothing.</summary>
    private static unsafe bool Has(byte[] fact, FactContext context, IdKind kind, ulong number)
    {
        fixed (byte* payload = fact)
        {
            if (kind == IdKind.Transaction) return Numbers.OrdinalOf(number) == 0 && new FactParts(payload).First.Kind is not (PartKind.Refused or PartKind.AdminActed or PartKind.KeyClosed or PartKind.EpochStarted or PartKind.MembersChanged);
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                if (PartResource.Of(part, context.Sequence, index++) == (kind, number)) return true;
            }
        }

        return false;
    }
}
