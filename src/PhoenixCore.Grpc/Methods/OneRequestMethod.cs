using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc.Methods;

/// <summary>A method whose client sends exactly one message. When it has arrived whole, no task is made on the way to the handler.</summary>
internal abstract class OneRequestMethod(string path, int? maxRequestBytes) : GrpcMethod(path, maxRequestBytes)
{
    internal sealed override ValueTask InvokeAsync(GrpcCall call)
    {
        if (RequestPipe.TryRead(call.RequestPipe, out var read) && TryTake(call, read, out var payload)) return HandleAsync(call, payload);
        return ReadAndHandleAsync(call);
    }

    /// <param name="payload">Lent by the call; <see cref="GrpcCall.ReturnRequest"/> gives it back early.</param>
    protected abstract ValueTask HandleAsync(GrpcCall call, ReadOnlySequence<byte> payload);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadAndHandleAsync(GrpcCall call)
    {
        var pipe = call.RequestPipe;
        // Without a deadline a request that never comes is ended by Kestrel's minimum data rate, or by the client's reset.
        var token = call.Deadline is null ? default : call.CancellationToken;
        while (true)
        {
            var read = await RequestPipe.ReadAsync(pipe, token);
            if (TryTake(call, read, out var payload))
            {
                await HandleAsync(call, payload);
                return;
            }
        }
    }

    /// <returns>False when more has to come first, if only the end of the request.</returns>
    private bool TryTake(GrpcCall call, in ReadResult read, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        var buffer = read.Buffer;
        call.LendRequest(buffer.End);
        if (read.IsCompleted) call.MarkRequestEnded();

        if (buffer.Length >= FrameHeader.Bytes)
        {
            var header = FrameHeader.Read(buffer);
            header.CheckLimit(MaxRequestBytes);
            var missing = header.Length + FrameHeader.Bytes - buffer.Length;
            if (missing < 0) throw new GrpcException(GrpcStatusCode.Internal, "more than one request message");
            if (missing == 0 && read.IsCompleted)
            {
                payload = buffer.Slice(FrameHeader.Bytes);
                if (header.Flag != 0)
                    payload = MessageInflater.Inflate(header.Flag, payload, call.HttpContext.Request.Headers.GrpcEncoding, MaxRequestBytes);
                return true;
            }
        }

        if (read.IsCompleted)
            throw new GrpcException(GrpcStatusCode.Internal, buffer.IsEmpty ? "no request message" : "the request ended inside a message");

        call.LendNothing();
        call.RequestPipe.AdvanceTo(buffer.Start, buffer.End);
        return false;
    }
}
