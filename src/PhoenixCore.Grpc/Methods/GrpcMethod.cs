namespace PhoenixCore.Grpc.Methods;

/// <summary>One bound method: reads its requests, runs its handler, leaves a reply in the call or sends a stream.</summary>
internal abstract class GrpcMethod(string path, int? maxRequestBytes)
{
    internal string Path { get; } = path;

    /// <summary>Bytes of one message; the dispatcher fills in its default.</summary>
    internal int MaxRequestBytes { get; private set; } = maxRequestBytes ?? 0;

    /// <summary>Streams need a cancellation of their own and end when the server drains.</summary>
    internal virtual bool IsStreaming => false;

    /// <summary>The client may go on sending after the answer has begun.</summary>
    internal virtual bool TakesRequestStream => false;

    /// <summary>May throw at once or by its task; both end the call with a status.</summary>
    internal abstract ValueTask InvokeAsync(GrpcCall call);

    internal void SetDefaultLimit(int bytes)
    {
        if (MaxRequestBytes == 0) MaxRequestBytes = bytes;
    }
}
