using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using PhoenixCore.Grpc.Methods;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc;

/// <summary>One call, as its handler sees it. Not to be used after the handler has returned.</summary>
/// <remarks>One thread at a time, except <see cref="CancellationToken"/>, <see cref="Stopping"/> and the deadline, which any thread may read.</remarks>
public sealed class GrpcCall
{
    private readonly CallRuntime _runtime;
    private CancellationTokenSource? _cancellation;
    private List<KeyValuePair<string, string>>? _trailers;
    private long _deadlineTimestamp;
    private SequencePosition _lentEnd;
    private bool _requestIsLent;

    internal GrpcCall(HttpContext http, CallRuntime runtime)
    {
        HttpContext = http;
        _runtime = runtime;
    }

    public HttpContext HttpContext { get; }

    /// <summary>As sent in the path: <c>/package.Service/Method</c>.</summary>
    public string Path => HttpContext.Request.Path.Value ?? "";

    public RequestMetadata RequestMetadata => new(HttpContext.Request.Headers);

    /// <summary>Who calls; a place for what <see cref="GrpcOptions.Authorize"/> found.</summary>
    public object? Caller { get; set; }

    /// <summary>Set by <see cref="GrpcOptions.Authorize"/> when <see cref="GrpcOptions.Ended"/> has something to give back.</summary>
    public bool HoldsPlace { get; set; }

    /// <summary>When the client stops waiting (UTC, from its <c>grpc-timeout</c> and this machine's clock); null: never.</summary>
    public DateTime? Deadline { get; private set; }

    /// <summary>What is left until the deadline by the monotonic clock, zero once it is over; null: no deadline.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            if (Deadline is null) return null;
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), _deadlineTimestamp);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Fires when the client goes away, the deadline passes, or a stream outlives the drain grace.</summary>
    /// <remarks>
    /// Deadlines are cooperative: a handler that never looks here answers late, and then its true answer is sent.
    /// Made on first use, because a unary handler often needs none.
    /// </remarks>
    public CancellationToken CancellationToken => NeedsOwnCancellation ? OwnCancellation.Token : HttpContext.RequestAborted;

    /// <summary>Fires when the server starts to shut down: a stream should finish what it has begun and return.</summary>
    public CancellationToken Stopping => _runtime.Stopping;

    internal GrpcMethod Method { get; set; } = null!;

    internal GrpcStatus? Failure { get; private set; }

    internal IMessage? ReplyMessage { get; set; }

    internal GrpcReplyWriter? ReplyWriter { get; set; }

    internal PipeReader RequestPipe => HttpContext.Request.BodyReader;

    internal CallRuntime Runtime => _runtime;

    internal bool RequestEnded { get; private set; }

    /// <summary>Set when the call was reset because the client did not read; nobody is left to answer.</summary>
    internal bool WasReset { get; private set; }

    /// <summary>Whether a cancellation was the deadline's. The timer may fire a moment before the finer clock agrees, so both are asked.</summary>
    internal bool IsPastDeadline =>
        Deadline is not null
        && (Remaining == TimeSpan.Zero || (_cancellation is { IsCancellationRequested: true } && !_runtime.StreamsMustEnd.IsCancellationRequested));

    private bool NeedsOwnCancellation => Deadline is not null || Method.IsStreaming;

    private CancellationTokenSource OwnCancellation => Volatile.Read(ref _cancellation) ?? MakeCancellation();

    /// <summary>Ends the call with this status instead of a reply, without a throw; whatever reply was made is dropped.</summary>
    public void Fail(GrpcStatus status) => Failure = status;

    /// <summary>Adds to the response headers; they leave with the first reply.</summary>
    /// <exception cref="InvalidOperationException">They have left.</exception>
    public void AddHeader(string name, string value)
    {
        MetadataName.Check(name, binary: false);
        MetadataName.CheckValue(value);
        HttpContext.Response.Headers.Append(name, value);
    }

    /// <inheritdoc cref="AddHeader(string, string)"/>
    /// <param name="name">Ends in <c>-bin</c>.</param>
    public void AddHeader(string name, ReadOnlySpan<byte> value)
    {
        MetadataName.Check(name, binary: true);
        HttpContext.Response.Headers.Append(name, BinaryHeader.Encode(value));
    }

    /// <summary>Adds to the trailers, which leave with the status.</summary>
    public void AddTrailer(string name, string value)
    {
        MetadataName.Check(name, binary: false);
        MetadataName.CheckValue(value);
        (_trailers ??= []).Add(new(name, value));
    }

    /// <inheritdoc cref="AddTrailer(string, string)"/>
    /// <param name="name">Ends in <c>-bin</c>.</param>
    public void AddTrailer(string name, ReadOnlySpan<byte> value)
    {
        MetadataName.Check(name, binary: true);
        (_trailers ??= []).Add(new(name, BinaryHeader.Encode(value)));
    }

    internal void SetTimeout(TimeSpan timeout)
    {
        // Past this a timer cannot be set and nobody waits: as good as no deadline.
        if (timeout > TimeSpan.FromDays(24)) return;
        Deadline = DateTime.UtcNow + timeout;
        _deadlineTimestamp = Stopwatch.GetTimestamp() + (long)(timeout.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Keeps the request in the pipe while a raw handler reads it in place.</summary>
    internal void LendRequest(SequencePosition end)
    {
        _lentEnd = end;
        _requestIsLent = true;
    }

    internal void ReturnRequest()
    {
        if (!_requestIsLent) return;
        _requestIsLent = false;
        RequestPipe.AdvanceTo(_lentEnd);
    }

    internal void LendNothing() => _requestIsLent = false;

    internal void MarkRequestEnded() => RequestEnded = true;

    internal void CopyTrailersTo(IHeaderDictionary destination)
    {
        if (_trailers is null) return;
        foreach (var (name, value) in _trailers) destination.Append(name, value);
    }

    internal void Reset()
    {
        WasReset = true;
        HttpContext.Abort();
    }

    /// <summary>Gives back what the call holds. The handler has returned.</summary>
    internal void Release()
    {
        GiveBack();
        ReplyWriter?.Release();
        _cancellation?.Dispose();
    }

    /// <summary>Once, however often it is asked.</summary>
    internal void GiveBack()
    {
        if (!HoldsPlace) return;
        HoldsPlace = false;
        _runtime.Options.Ended?.Invoke(this);
    }

    private CancellationTokenSource MakeCancellation()
    {
        var made = Method.IsStreaming
            ? CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted, _runtime.StreamsMustEnd)
            : CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted);
        if (Interlocked.CompareExchange(ref _cancellation, made, null) is { } other)
        {
            made.Dispose();
            return other;
        }

        if (Remaining is { } left) made.CancelAfter(left);
        return made;
    }
}
