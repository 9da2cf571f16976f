using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Rendering;

namespace PhoenixCore.Server.Grpc;

/// <summary>Calls that move value, with everything they may carry; <see cref="HotCalls"/> takes the plain ones.</summary>
internal sealed class ValueCalls(Operations operations, TransactionRenderer renderer)
{
    public ValueTask<Transaction> CreateCreditAsync(CreateCreditRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> CreateTransferAsync(CreateTransferRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> CreateDebitAsync(CreateDebitRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> CreateReservationAsync(CreateReservationRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> CommitReservationAsync(CommitReservationRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> ReleaseReservationAsync(ReleaseReservationRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> IncrementReservationAsync(IncrementReservationRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> ExtendReservationAsync(ExtendReservationRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> UpdateLotAsync(UpdateLotRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> ExpireLotAsync(ExpireLotRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> ReverseCreditAsync(ReverseCreditRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    public ValueTask<Transaction> ReverseTransferAsync(ReverseTransferRequest request, GrpcCall call) => ExecuteAsync(RequestMapper.Map(request, call), request.Details, call);

    private async ValueTask<Transaction> ExecuteAsync(OperationRequest request, bool details, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        using var reply = await operations.ExecuteAsync(tenant, request, call.CancellationToken).ConfigureAwait(false);
        if (reply.Result != LedgerResult.Accepted) throw new GrpcException(Statuses.Of(tenant, reply));
        return await renderer.RenderAsync(tenant, reply, details, CancellationToken.None).ConfigureAwait(false);
    }
}
