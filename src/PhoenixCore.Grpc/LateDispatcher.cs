using Microsoft.AspNetCore.Http;

namespace PhoenixCore.Grpc;

/// <summary>A place for a dispatcher that is made after the application has begun to listen; until then every call gets UNAVAILABLE. Any thread.</summary>
public sealed class LateDispatcher
{
    private volatile GrpcDispatcher? _dispatcher;

    /// <summary>From now on calls go there; once.</summary>
    public void Open(GrpcDispatcher dispatcher) => _dispatcher = dispatcher;

    internal Task InvokeAsync(HttpContext http) => _dispatcher is { } dispatcher ? dispatcher.InvokeAsync(http) : RefuseAsync(http);

    internal void Drain() => _dispatcher?.Drain();

    /// <summary>Trailers only: the shortest answer that every client understands, and repeats.</summary>
    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = ((int)GrpcStatusCode.Unavailable).ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.Headers["grpc-message"] = "the server is starting";
        return http.Response.CompleteAsync();
    }
}
