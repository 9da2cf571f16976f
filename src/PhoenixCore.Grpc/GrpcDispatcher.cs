using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using PhoenixCore.Grpc.Methods;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc;

/// <summary>Serves the bound methods: checks a request, runs its handler, answers with reply and status. Any thread. To be disposed after the host has stopped.</summary>
public sealed class GrpcDispatcher : IDisposable
{
    private static readonly StringValues ContentType = "application/grpc";
    private static readonly GrpcStatus DrainingStatus = new(GrpcStatusCode.Unavailable, "the server is shutting down");
    private static readonly GrpcStatus DeadlineStatus = new(GrpcStatusCode.DeadlineExceeded, "deadline exceeded");

    private readonly CallRuntime _runtime;
    private readonly CallEnding _ending;
    private readonly FrozenDictionary<string, GrpcMethod> _methods;

    /// <exception cref="ArgumentException">Two binders bind the same method.</exception>
    public GrpcDispatcher(IEnumerable<GrpcServiceBinder> services, GrpcOptions? options = null, ILogger? log = null)
    {
        _runtime = new CallRuntime(options ?? new GrpcOptions(), log ?? NullLogger.Instance);
        var methods = new Dictionary<string, GrpcMethod>(StringComparer.Ordinal);
        foreach (var method in services.SelectMany(service => service.Methods))
        {
            method.SetDefaultLimit(_runtime.Options.MaxRequestBytes);
            methods.Add(method.Path, method);
        }

        _methods = methods.ToFrozenDictionary(StringComparer.Ordinal);
        var largest = methods.Values.Select(method => method.MaxRequestBytes).DefaultIfEmpty(_runtime.Options.MaxRequestBytes).Max();
        _ending = new CallEnding(_runtime, drainBytesMax: largest + FrameHeader.Bytes);
    }

    /// <summary>Whether the content type is gRPC's, so that one endpoint can serve REST and gRPC.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (type.Length == "application/grpc".Length || type["application/grpc".Length] is '+' or ';');

    /// <summary>Answers any request: 426 when it is not HTTP/2, 415 when it is not gRPC, 405 when it is not a POST.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (!HttpProtocol.IsHttp2(request.Protocol)) return RefuseHttpAsync(http, StatusCodes.Status426UpgradeRequired);
        if (!IsGrpc(request)) return RefuseHttpAsync(http, StatusCodes.Status415UnsupportedMediaType);
        if (!HttpMethods.IsPost(request.Method)) return RefuseHttpAsync(http, StatusCodes.Status405MethodNotAllowed);

        http.Response.Headers.ContentType = ContentType;
        var call = new GrpcCall(http, _runtime);
        ValueTask running;
        try
        {
            running = RunAsync(call);
            if (running.IsCompletedSuccessfully && !call.HoldsPlace) return _ending.EndAsync(call);
        }
        catch (Exception e)
        {
            return EndAfterAsync(call, ValueTask.FromException(e));
        }

        return EndAfterAsync(call, running);
    }

    /// <summary>Begins the end: new calls get UNAVAILABLE, streams see <see cref="GrpcCall.Stopping"/>, and after the grace they are ended.</summary>
    public void Drain() => _runtime.Drain();

    public void Dispose() => _runtime.Dispose();

    /// <summary>Everything up to and with the handler. Not an async method: a call that finds all at hand makes no task.</summary>
    private ValueTask RunAsync(GrpcCall call)
    {
        var headers = call.HttpContext.Request.Headers;
        var path = call.Path;
        if (!_methods.TryGetValue(path, out var method))
        {
            call.Method = UnknownMethod.Instance;
            throw new GrpcException(GrpcStatusCode.Unimplemented, $"there is no method {path}");
        }

        call.Method = method;
        if (_runtime.Stopping.IsCancellationRequested) throw new GrpcException(DrainingStatus);

        var encoding = headers.GrpcEncoding;
        if (encoding.Count != 0 && !MessageInflater.Knows(encoding))
        {
            call.HttpContext.Response.Headers.GrpcAcceptEncoding = MessageInflater.Accepted;
            throw new GrpcException(GrpcStatusCode.Unimplemented, $"grpc-encoding {encoding} is not supported");
        }

        var timeout = headers.GrpcTimeout;
        if (timeout.Count != 0) SetTimeout(call, timeout);

        if (_runtime.Options.Authorize is not { } authorize) return method.InvokeAsync(call);
        var authorized = authorize(call);
        return authorized.IsCompletedSuccessfully ? InvokeUnlessFailed(call) : AuthorizeAndInvokeAsync(call, authorized);
    }

    private static void SetTimeout(GrpcCall call, string? text)
    {
        if (!GrpcTimeout.TryParse(text, out var timeout)) throw new GrpcException(GrpcStatusCode.Internal, "grpc-timeout is malformed");
        if (timeout == TimeSpan.Zero) throw new GrpcException(DeadlineStatus);
        call.SetTimeout(timeout);
    }

    private static ValueTask InvokeUnlessFailed(GrpcCall call) => call.Failure is null ? call.Method.InvokeAsync(call) : default;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AuthorizeAndInvokeAsync(GrpcCall call, ValueTask authorized)
    {
        await authorized;
        await InvokeUnlessFailed(call);
    }

    private async Task EndAfterAsync(GrpcCall call, ValueTask running)
    {
        try
        {
            await running;
        }
        catch (GrpcException e)
        {
            call.Fail(e.Status);
        }
        catch (Exception e)
        {
            if (_ending.StatusOf(call, e) is not { } status) return;
            call.Fail(status);
        }

        try
        {
            await _ending.EndAsync(call);
        }
        finally
        {
            call.GiveBack(); // an answer that could not be sent has given nothing back yet
        }
    }

    private async Task RefuseHttpAsync(HttpContext http, int statusCode)
    {
        await _ending.DropRequestAsync(http.Request.BodyReader);
        http.Response.StatusCode = statusCode;
        if (statusCode == StatusCodes.Status405MethodNotAllowed) http.Response.Headers.Allow = HttpMethods.Post;
        if (statusCode == StatusCodes.Status426UpgradeRequired) http.Response.Headers.Upgrade = "h2c";
    }
}
