using System.Globalization;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc.Methods;

/// <summary>How calls end: reply and status leave, or a refusal does, and the rest of the request is dealt with.</summary>
internal sealed class CallEnding(CallRuntime runtime, long drainBytesMax)
{
    private static readonly GrpcStatus NoReply = new(GrpcStatusCode.Internal, "the handler made no reply");
    private static readonly GrpcStatus DeadlineStatus = new(GrpcStatusCode.DeadlineExceeded, "deadline exceeded");

    /// <summary>Sends what the call holds. Without a flush: headers, data and trailers leave together when Kestrel ends the response.</summary>
    internal Task EndAsync(GrpcCall call)
    {
        if (call.Failure is { } failure) return RefuseAsync(call, failure);
        if (!call.Method.IsStreaming || call.Method.TakesRequestStream && call.ReplyMessage is not null)
        {
            // Before the body is written, the response must have been started: see the note on the response pipe in ADR 0007.
            var started = call.HttpContext.Response.StartAsync();
            if (!started.IsCompletedSuccessfully) return EndOnceStartedAsync(call, started);
            if (!TryWriteReply(call)) return RefuseAsync(call, NoReply);
        }

        return EndWithStatusAsync(call);
    }

    /// <returns>The status that an exception other than <see cref="GrpcException"/> stands for; null when nobody is left to answer.</returns>
    internal GrpcStatus? StatusOf(GrpcCall call, Exception e)
    {
        if (call.WasReset || call.HttpContext.RequestAborted.IsCancellationRequested)
        {
            runtime.Log.LogDebug(GrpcEvents.ClientLeft, e, "{Path}: the client went away", call.Path);
            call.ReturnRequest();
            call.Release();
            return null;
        }

        switch (e)
        {
            case InvalidProtocolBufferException:
                return new GrpcStatus(GrpcStatusCode.Internal, "the request does not parse: " + e.Message);
            case OperationCanceledException when call.IsPastDeadline:
                return DeadlineStatus;
            case OperationCanceledException when runtime.Stopping.IsCancellationRequested:
                return new GrpcStatus(GrpcStatusCode.Unavailable, "the server is shutting down");
            case OperationCanceledException:
                return new GrpcStatus(GrpcStatusCode.Cancelled, "the call was cancelled");
            case BadHttpRequestException:
                return new GrpcStatus(GrpcStatusCode.Internal, "the request broke off: " + e.Message);
            default:
                runtime.Log.LogError(GrpcEvents.CallFailed, e, "{Path} failed", call.Path);
                return new GrpcStatus(GrpcStatusCode.Unknown, runtime.Options.DetailedErrors ? e.ToString() : "the handler failed");
        }
    }

    /// <summary>Reads and drops what is left of a request that is refused, within bounds of bytes and time.</summary>
    /// <remarks>
    /// Kestrel tracks streams that ended before their request did; under a load of refusals it then resets others with
    /// ENHANCE_YOUR_CALM. Test: <c>Refusals_at_64_streams_do_not_hurt_the_connection</c>.
    /// </remarks>
    internal async ValueTask DropRequestAsync(PipeReader pipe)
    {
        CancellationTokenSource? patience = null;
        try
        {
            for (long dropped = 0; dropped <= drainBytesMax;)
            {
                if (!pipe.TryRead(out var read))
                {
                    patience ??= new CancellationTokenSource(runtime.Options.RefusalPatience);
                    read = await pipe.ReadAsync(patience.Token);
                }

                dropped += read.Buffer.Length;
                pipe.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // The request did not end in time or broke off; the refusal leaves anyway.
        }
        finally
        {
            patience?.Dispose();
        }
    }

    private async Task EndOnceStartedAsync(GrpcCall call, Task started)
    {
        await started;
        if (TryWriteReply(call)) await EndWithStatusAsync(call);
        else await RefuseAsync(call, NoReply);
    }

    private static bool TryWriteReply(GrpcCall call)
    {
        var pipe = call.HttpContext.Response.BodyWriter;
        if (call.ReplyMessage is { } message)
        {
            var size = message.CalculateSize();
            var span = pipe.GetSpan(FrameHeader.Bytes + size);
            FrameHeader.Write(span, size);
            message.WriteTo(span.Slice(FrameHeader.Bytes, size));
            pipe.Advance(FrameHeader.Bytes + size);
            return true;
        }

        if (call.ReplyWriter is not { } writer) return false;
        writer.EndMessage();
        var framed = writer.Framed.Span;
        framed.CopyTo(pipe.GetSpan(framed.Length));
        pipe.Advance(framed.Length);
        return true;
    }

    private Task EndWithStatusAsync(GrpcCall call)
    {
        SetStatus(call, failure: null);
        call.ReturnRequest();
        call.Release();
        return call.RequestEnded ? Task.CompletedTask : DropRestAsync(call);
    }

    private async Task RefuseAsync(GrpcCall call, GrpcStatus failure)
    {
        call.ReturnRequest();
        // A client that streams may wait for the answer before it ends its request: answer it first.
        if (!call.RequestEnded && !call.Method.TakesRequestStream) await DropRequestAsync(call.RequestPipe);
        SetStatus(call, failure);
        call.Release();
        if (!call.RequestEnded && call.Method.TakesRequestStream) await DropRestAsync(call);
    }

    private async Task DropRestAsync(GrpcCall call)
    {
        await call.HttpContext.Response.CompleteAsync();
        await DropRequestAsync(call.RequestPipe);
    }

    /// <summary>Before any message the status rides in the one HEADERS frame ("trailers-only"), after that in trailers.</summary>
    private static void SetStatus(GrpcCall call, GrpcStatus? failure)
    {
        var response = call.HttpContext.Response;
        var destination = response.HasStarted
            ? call.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        call.CopyTrailersTo(destination);
        if (failure is null)
        {
            destination.GrpcStatus = GrpcStatus.OkText;
            return;
        }

        destination.GrpcStatus = failure.CodeText;
        if (failure.Detail.Length > 0) destination.GrpcMessage = failure.MessageText;
        if (failure.RetryIn is { } retryIn) destination["grpc-retry-pushback-ms"] = ((long)retryIn.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        if (failure.DetailsText.Count > 0) destination["grpc-status-details-bin"] = failure.DetailsText;
    }
}
