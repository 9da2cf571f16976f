using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PhoenixCore.Grpc;

/// <summary>The replies of a stream as bytes. One writer at a time, which may be another task than the reader of the requests.</summary>
public sealed class RawResponseStream : IDisposable
{
    private readonly GrpcCall _call;
    private readonly HttpResponse _response;
    private readonly PipeWriter _pipe;
    private Timer? _stall;
    private int _waiting;

    internal RawResponseStream(GrpcCall call)
    {
        _call = call;
        _response = call.HttpContext.Response;
        _pipe = _response.BodyWriter;
        _call.ReplyWriter = Message;
    }

    /// <summary>Takes the payload of the message being written.</summary>
    public GrpcReplyWriter Message { get; } = new();

    /// <summary>Closes the message; it leaves with the next flush, and several may leave together.</summary>
    public void EndMessage() => Message.EndMessage();

    /// <summary>Sends the closed messages (or, before the first, the response headers) and waits until the client's window took them.</summary>
    /// <exception cref="OperationCanceledException">
    /// As <see cref="GrpcCall.CancellationToken"/> says, or the client did not read for <see cref="GrpcOptions.WriteStallLimit"/>.
    /// </exception>
    public ValueTask FlushAsync()
    {
        if (!_response.HasStarted) return StartThenFlushAsync();

        // Not a write of nothing: Kestrel answers that as if the response had ended.
        var flush = Message.Framed.IsEmpty ? _pipe.FlushAsync(_call.CancellationToken) : _pipe.WriteAsync(Message.Framed, _call.CancellationToken);
        Message.ClearFramed(); // The bytes are in the pipe, whether the flush waits or not.
        if (!flush.IsCompletedSuccessfully) return WaitAsync(flush);
        Check(flush.Result);
        return default;
    }

    /// <summary>For the dispatcher, when the handler has returned.</summary>
    public void Dispose() => _stall?.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask StartThenFlushAsync()
    {
        await _response.StartAsync(_call.CancellationToken);
        await FlushAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitAsync(ValueTask<FlushResult> flush)
    {
        var limit = _call.Runtime.Options.WriteStallLimit;
        _stall ??= new Timer(static stream => ((RawResponseStream)stream!).OnStall(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _waiting, 1);
        _stall.Change(limit, Timeout.InfiniteTimeSpan);
        try
        {
            Check(await flush);
        }
        finally
        {
            Volatile.Write(ref _waiting, 0);
            _stall.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Check(FlushResult flush)
    {
        if (flush.IsCanceled || flush.IsCompleted) throw new OperationCanceledException("the client no longer takes replies");
    }

    private void OnStall()
    {
        if (Volatile.Read(ref _waiting) == 0) return; // Fired just as the flush went through.
        _call.Runtime.Log.LogWarning(GrpcEvents.ClientStalled, "{Path}: the client did not read for {Limit}; the call is reset", _call.Path, _call.Runtime.Options.WriteStallLimit);
        _call.Reset();
    }
}
