using Microsoft.AspNetCore.Http;

namespace PhoenixCore.Grpc;

/// <summary>A place for a dispatcher that is made after the application has begun to listen; until then every call gets UNAVAILABLE. Any thread.</summary>
public sealed class LateDispatcher
{
    private volatile GrpcDispatcher? _dispatcher;
    private volatile GrpcDispatcher? _early;
    private string _prefix = "";

    /// <summary>From now on calls go there.</summary>
    public void Open(GrpcDispatcher dispatcher) => _dispatcher = dispatcher;

    /// <summary>Calls get UNAVAILABLE again.</summary>
    public void Close() => _dispatcher = null;

    /// <summary>Calls of one service go here, at any time. Before the application listens.</summary>
    /// <param name="prefix">What their paths begin with.</param>
    public void Serve(string prefix, GrpcDispatcher dispatcher) => (_prefix, _early) = (prefix, dispatcher);

    internal Task InvokeAsync(HttpContext http)
    {
        if (_early is { } early && http.Request.Path.Value?.StartsWith(_prefix, StringComparison.Ordinal) == true) return early.InvokeAsync(http);
        return _dispatcher is { } dispatcher ? dispatcher.InvokeAsync(http) : RefuseAsync(http);
    }

    internal void Drain()
    {
        _early?.Drain();
        _dispatcher?.Drain();
    }

    /// <summary>Trailers only: the shortest answer that every client understands, and repeats.</summary>
    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = ((int)GrpcStatusCode.Unavailable).ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.Headers["grpc-message"] = "the server is starting";
        return http.Response.CompleteAsync();
    }
}
