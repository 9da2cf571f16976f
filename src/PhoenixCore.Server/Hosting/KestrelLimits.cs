using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace PhoenixCore.Server.Hosting;

/// <summary>What Kestrel is allowed: no more than the contract needs.</summary>
internal static class KestrelLimits
{
    private const int ConnectionsMax = 16_384;
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A bare LF ends a header line by default: what a proxy in front reads differently can smuggle a request. Must be set before Kestrel starts.</summary>
    [ModuleInitializer]
    internal static void RefuseLineFeedTerminators() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = name => name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? DigitsOnly.Instance : null!;
        kestrel.Limits.MaxRequestBodySize = null; // each front has its own: REST for every request, gRPC for every message
        kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }
}
