using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace PhoenixCore.Grpc.Methods;

/// <summary>A method whose client sends a stream of messages.</summary>
internal abstract class RequestStreamMethod(string path, int? maxRequestBytes) : GrpcMethod(path, maxRequestBytes)
{
    internal sealed override bool IsStreaming => true;

    internal sealed override bool TakesRequestStream => true;

    internal sealed override ValueTask InvokeAsync(GrpcCall call)
    {
        // A stream is neither too large as a whole nor too slow: the limits are per message and per call.
        var features = call.HttpContext.Features;
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        return HandleAsync(call, new RawRequestStream(call, call.HttpContext.Request.Headers.GrpcEncoding));
    }

    protected abstract ValueTask HandleAsync(GrpcCall call, RawRequestStream requests);
}
