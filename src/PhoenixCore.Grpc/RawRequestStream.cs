using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc;

/// <summary>The requests of a stream as bytes, in the order sent. One reader at a time.</summary>
public sealed class RawRequestStream
{
    private readonly GrpcCall _call;
    private readonly PipeReader _pipe;
    private readonly string? _encoding;
    private readonly int _maxRequestBytes;

    internal RawRequestStream(GrpcCall call, string? encoding)
    {
        _call = call;
        _pipe = call.RequestPipe;
        _encoding = encoding;
        _maxRequestBytes = call.Method.MaxRequestBytes;
    }

    /// <summary>The payload that <see cref="MoveNextAsync"/> found, where it lies in the connection's buffers; lent until the next move.</summary>
    public ReadOnlySequence<byte> Current { get; private set; }

    /// <returns>False at the clean end of the stream.</returns>
    /// <exception cref="GrpcException">INTERNAL for a frame that is cut or damaged, RESOURCE_EXHAUSTED past the message limit.</exception>
    /// <exception cref="OperationCanceledException">As <see cref="GrpcCall.CancellationToken"/> says, or the client went away.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        _call.ReturnRequest();
        Current = default;
        if (_call.RequestEnded) return new(false);
        if (!RequestPipe.TryRead(_pipe, out var read)) return WaitAsync();
        return TryTake(read, out var found) ? new(found) : WaitAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync()
    {
        while (true)
        {
            var read = await RequestPipe.ReadAsync(_pipe, _call.CancellationToken);
            if (TryTake(read, out var found)) return found;
        }
    }

    /// <returns>False when more has to come first.</returns>
    private bool TryTake(in ReadResult read, out bool found)
    {
        found = false;
        var buffer = read.Buffer;
        _call.LendRequest(buffer.End); // Whatever is thrown below, the pipe can be read on: what is lent is given back first.
        if (buffer.Length >= FrameHeader.Bytes)
        {
            var header = FrameHeader.Read(buffer);
            header.CheckLimit(_maxRequestBytes);
            if (buffer.Length - FrameHeader.Bytes >= header.Length)
            {
                var payload = buffer.Slice(FrameHeader.Bytes, header.Length);
                Current = MessageInflater.Inflate(header.Flag, payload, _encoding, _maxRequestBytes);
                _call.LendRequest(payload.End);
                return found = true;
            }
        }

        if (read.IsCompleted)
        {
            _call.MarkRequestEnded();
            if (!buffer.IsEmpty) throw new GrpcException(GrpcStatusCode.Internal, "the request ended inside a message");
            _call.ReturnRequest();
            return true;
        }

        // Examined, not consumed: the flow-control window still opens, so a message larger than the window arrives.
        _call.LendNothing();
        _pipe.AdvanceTo(buffer.Start, buffer.End);
        return false;
    }
}
