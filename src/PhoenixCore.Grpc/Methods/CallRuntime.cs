using Microsoft.Extensions.Logging;

namespace PhoenixCore.Grpc.Methods;

/// <summary>What all calls of a dispatcher share.</summary>
internal sealed class CallRuntime(GrpcOptions options, ILogger log) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _streamsMustEnd = new();

    internal GrpcOptions Options { get; } = options;

    internal ILogger Log { get; } = log;

    internal CancellationToken Stopping => _stopping.Token;

    internal CancellationToken StreamsMustEnd => _streamsMustEnd.Token;

    internal void Drain()
    {
        _stopping.Cancel();
        _streamsMustEnd.CancelAfter(Options.StreamDrainGrace);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _streamsMustEnd.Dispose();
    }
}
