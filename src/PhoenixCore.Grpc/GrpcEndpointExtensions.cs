using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PhoenixCore.Grpc;

/// <summary>Puts a <see cref="GrpcDispatcher"/> into a web application.</summary>
public static class GrpcEndpointExtensions
{
    /// <summary>
    /// Requests whose content type is gRPC's go to the dispatcher, all others to what follows; on an endpoint marked with
    /// <see cref="ServeGrpcOnly"/> every request does. Place it first, before routing. Host shutdown drains the dispatcher.
    /// </summary>
    public static IApplicationBuilder MapGrpc(this IApplicationBuilder app, GrpcDispatcher dispatcher)
    {
        var late = new LateDispatcher();
        late.Open(dispatcher);
        return app.MapGrpc(late);
    }

    /// <summary>The same for a dispatcher that comes later.</summary>
    public static IApplicationBuilder MapGrpc(this IApplicationBuilder app, LateDispatcher late)
    {
        app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(late.Drain);
        return app.Use(next => http =>
            GrpcDispatcher.IsGrpc(http.Request) || http.Features.Get<GrpcOnlyConnection>() is not null
                ? late.InvokeAsync(http)
                : next(http));
    }

    /// <summary>HTTP/2 without negotiation (in clear text: prior knowledge), and nothing but gRPC.</summary>
    /// <remarks>One clear-text port cannot speak HTTP/1.1 and HTTP/2, so REST in clear text needs a port of its own; TLS serves both on one.</remarks>
    public static ListenOptions ServeGrpcOnly(this ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next => connection =>
        {
            connection.Features.Set(GrpcOnlyConnection.Instance);
            return next(connection);
        });
        return listen;
    }

    private sealed class GrpcOnlyConnection
    {
        internal static GrpcOnlyConnection Instance { get; } = new();
    }
}
