using System.Buffers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Rendering;
using PhoenixCore.Server.Grpc.Wire;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Grpc;

/// <summary>The calls that come most often, from bytes to command and from fact to bytes; whatever is unusual in one goes the long way through its message.</summary>
internal sealed class HotCalls(LedgerShard shard, Operations operations, TransactionRenderer renderer)
{
    [ThreadStatic] private static byte[]? _scratch;

    /// <param name="typed">The long way.</param>
    public RawUnaryHandler Handler<TRequest>(OperationShape shape, MessageParser<TRequest> parser, Func<TRequest, GrpcCall, ValueTask<Transaction>> typed)
        where TRequest : IMessage<TRequest> =>
        (request, reply, call) => TryPrepare(shape, request, call) is { } sent ? AnswerAsync(sent, reply, call, request, parser, typed) : TypedAsync(request, reply, call, parser, typed);

    /// <summary>Null when the request is not a plain one.</summary>
    private ShardCall? TryPrepare(OperationShape shape, in ReadOnlySequence<byte> request, GrpcCall call)
    {
        if (!request.IsSingleSegment) return null;
        RawOperation operation = default;
        OperationDecoder decoder = default;
        if (!decoder.TryRead(request.FirstSpan, shape, ref operation) || decoder.IsOther || !decoder.TryFinish(shape, ref operation) || !OperationDecoder.IsShort(operation.Key)) return null;
        if (operation.Key.IsEmpty && call.RequestMetadata.Find(RequestMapper.KeyMetadata) is not null) return null;

        var sent = shard.Rent();
        Fill(sent, GrpcCaller.TenantOf(call), operation, GrpcCaller.DeadlineOf(call));
        return sent;
    }

    private static unsafe void Fill(ShardCall call, TenantContext tenant, scoped in RawOperation operation, long deadline)
    {
        var textBytes = RawCommands.TextBytes(tenant, operation);
        RawCommands.Fill(call.Command, tenant, operation, textBytes > 0 ? (byte*)call.Keep(textBytes) : null, _scratch ??= new byte[RawCommands.ScratchBytes]);
        call.Command->Deadline = deadline;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AnswerAsync<TRequest>(
        ShardCall sent, GrpcReplyWriter reply, GrpcCall call, ReadOnlySequence<byte> request, MessageParser<TRequest> parser, Func<TRequest, GrpcCall, ValueTask<Transaction>> typed)
        where TRequest : IMessage<TRequest>
    {
        // Not the client's token: it can end only the wait for a place, and a client that left is as well answered late.
        // Once memory has forgotten keys, a new one is looked for before it is sent, or the sequencer would only hand it back.
        await (shard.KeysForgottenUpTo == 0 ? shard.SendAsync(sent, CancellationToken.None) : shard.ExecuteAsync(sent, CancellationToken.None)).ConfigureAwait(false);
        var (kind, result) = OutcomeOf(sent);
        if (kind == OutcomeKind.SearchColdKeys || result == LedgerResult.EndingNotSearched)
        {
            sent.Return();
            await TypedAsync(request, reply, call, parser, typed).ConfigureAwait(false);
            return;
        }

        if (result == LedgerResult.PolicyViolation)
        {
            using var refused = operations.Finish(sent, GrpcCaller.TenantOf(call));
            call.Fail(Statuses.Of(GrpcCaller.TenantOf(call), refused));
            return;
        }

        if (result != LedgerResult.Accepted)
        {
            sent.Return();
            call.Fail(Statuses.Of(result));
            return;
        }

        var tenant = GrpcCaller.TenantOf(call);
        if (kind == OutcomeKind.Fact && !sent.IsLong)
        {
            TransactionEncoder.Encode(sent, tenant, reply);
            sent.Return();
            return;
        }

        using var finished = operations.Finish(sent, tenant);
        var transaction = await renderer.RenderAsync(tenant, finished, details: false, CancellationToken.None).ConfigureAwait(false);
        transaction.WriteTo(reply);
    }

    private static unsafe (OutcomeKind Kind, LedgerResult Result) OutcomeOf(ShardCall call) => (call.Reply->Kind, call.Reply->Result);

    private static async ValueTask TypedAsync<TRequest>(
        ReadOnlySequence<byte> request, GrpcReplyWriter reply, GrpcCall call, MessageParser<TRequest> parser, Func<TRequest, GrpcCall, ValueTask<Transaction>> typed)
        where TRequest : IMessage<TRequest>
    {
        var transaction = await typed(parser.ParseFrom(request), call).ConfigureAwait(false);
        transaction.WriteTo(reply);
    }
}
