using System.Runtime.InteropServices;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Rendering;
using ReservationStatus = PhoenixCore.Ledger.ReservationStatus;

namespace PhoenixCore.Server.Grpc;

/// <summary>Calls about what was decided: reservations, transactions, idempotency keys.</summary>
internal sealed class HistoryCalls(Operations operations, StateReads reads, AssetDirectory assets, TransactionRenderer renderer)
{
    private static readonly IdKind[] Transactions = [IdKind.Transaction, IdKind.Credit, IdKind.Transfer, IdKind.Debit, IdKind.Reservation];

    /// <summary>Everything but the status stands in its fact; one that ended long ago has no known status.</summary>
    public async ValueTask<Reservation> GetReservationAsync(GetReservationRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        if (!tenant.Ids.TryParse(IdKind.Reservation, request.ReservationId, out var number)) throw new GrpcException(Statuses.Of(LedgerResult.ReservationNotFound));
        var question = new StateQuestion(CommandKind.ReadReservation, Subject: number);
        var (result, rows) = await reads.AskAsync(tenant, question, call.CancellationToken).ConfigureAwait(false);
        var status = result == LedgerResult.Accepted ? MemoryMarshal.Read<ReservationView>(rows).Status : ReservationStatus.None;

        if (reads.FindFact(tenant, Numbers.SequenceOf(number)) is not { } fact || StateRenderer.FindReservation(tenant, fact.Payload, fact.Context, number, out var handle) is not { } reservation)
            throw new GrpcException(Statuses.Of(LedgerResult.ReservationNotFound));
        reservation.Status = WireValues.StatusOf(status);
        if (status == ReservationStatus.Pending) StateRenderer.Refresh(reservation, tenant, rows);
        if (await assets.FindAsync(tenant, handle, call.CancellationToken).ConfigureAwait(false) is { } asset) StateRenderer.NameAsset(reservation, asset);
        return reservation;
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
            if (kind == IdKind.Transaction) return Numbers.OrdinalOf(number) == 0 && new FactParts(payload).First.Kind is not (PartKind.Refused or PartKind.KeyClosed or PartKind.EpochStarted);
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                if (TransactionRenderer.ResourceOf(part, context.Sequence, index++) == (kind, number)) return true;
            }
        }

        return false;
    }
}
