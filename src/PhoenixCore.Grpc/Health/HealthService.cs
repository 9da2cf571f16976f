using System.Collections.Concurrent;
using PhoenixCore.Contracts.Health.V1;
using ServingStatus = PhoenixCore.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace PhoenixCore.Grpc.Health;

/// <summary>The standard <c>grpc.health.v1.Health</c>: what each service says of itself, asked once or watched. Any thread.</summary>
public sealed class HealthService
{
    private readonly ConcurrentDictionary<string, ServingStatus> _statuses = new();
    private TaskCompletionSource _changed = NewSignal();

    /// <param name="service">The full name of a service; "" is the server as a whole.</param>
    public void Set(string service, bool serving)
    {
        _statuses[service] = serving ? ServingStatus.Serving : ServingStatus.NotServing;
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    public GrpcServiceBinder Bind() => new GrpcServiceBinder(HealthReflection.Descriptor.Services[0])
        .Unary<HealthCheckRequest, HealthCheckResponse>("Check", HealthCheckRequest.Parser, Check)
        .ServerStreaming<HealthCheckRequest, HealthCheckResponse>("Watch", HealthCheckRequest.Parser, WatchAsync);

    private ValueTask<HealthCheckResponse> Check(HealthCheckRequest request, GrpcCall call) =>
        _statuses.TryGetValue(request.Service, out var status)
            ? new(new HealthCheckResponse { Status = status })
            : throw new GrpcException(GrpcStatusCode.NotFound, "unknown service");

    private async ValueTask WatchAsync(HealthCheckRequest request, ResponseStream<HealthCheckResponse> replies, GrpcCall call)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, call.Stopping);
        ServingStatus? told = null;
        while (!call.Stopping.IsCancellationRequested)
        {
            var changed = Volatile.Read(ref _changed).Task; // Taken before the look, so that no change is missed.
            var status = _statuses.GetValueOrDefault(request.Service, ServingStatus.ServiceUnknown);
            if (status != told) await replies.WriteAsync(new HealthCheckResponse { Status = status });
            told = status;
            await changed.WaitAsync(ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            call.CancellationToken.ThrowIfCancellationRequested();
        }

        await replies.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
        throw new GrpcException(GrpcStatusCode.Unavailable, "the server is shutting down");
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
