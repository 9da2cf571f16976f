using Microsoft.AspNetCore.Http.Features;
using PhoenixCore.Grpc;
using PhoenixCore.Server.Health;
using PhoenixCore.Server.Metrics;
using PhoenixCore.Server.Rest;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Hosting;

/// <summary>What the addresses answer from the first moment on: probes and metrics always, everything else once the ledger is open. Any thread.</summary>
internal sealed class HostFront(Probes probes, MetricsEndpoint metrics)
{
    private readonly LateDispatcher _grpc = new();
    private volatile RestFront? _rest;

    /// <summary>From now on both fronts answer.</summary>
    public void Open(RestFront rest, GrpcDispatcher grpc)
    {
        _grpc.Open(grpc);
        _rest = rest;
    }

    /// <summary>Nothing but probes and metrics is answered, until it opens again.</summary>
    public void Close()
    {
        _rest = null;
        _grpc.Close();
    }

    /// <summary>What the copies of a shard say to each other is answered at any time.</summary>
    public void Serve(string prefix, GrpcDispatcher dispatcher) => _grpc.Serve(prefix, dispatcher);

    public void Map(IApplicationBuilder app)
    {
        app.MapGrpc(_grpc);
        app.Run(HandleAsync);
    }

    private Task HandleAsync(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (probes.TryAnswer(http, target)) return Identified(http);
        if (target == MetricsEndpoint.Path)
        {
            metrics.Answer(http);
            return Identified(http);
        }

        if (_rest is { } rest) return rest.HandleAsync(http);
        ErrorJson.Send(http, ApiError.Starting);
        return Identified(http);
    }

    private static Task Identified(HttpContext http)
    {
        http.Response.Headers["X-Request-Id"] = RequestChecks.RequestId(http);
        return Task.CompletedTask;
    }
}
