using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Faults.Tests.Events;

/// <summary>Reads <c>Events.Subscribe</c> over gRPC through all lives of the server, each time from the last event it has on, included.</summary>
internal sealed class SubscribeConsumer(Seen seen)
{
    public Task RunAsync(Whereabouts server, CancellationToken ct) => server.FollowAsync(ReadAsync, e => e is GrpcStatusException { Code: GrpcStatusCode.Unavailable }, ct);

    private async Task ReadAsync(ServerProcess server, CancellationToken ct)
    {
        using var channel = new GrpcChannel(server.Grpc);
        var options = new CallOptions { Metadata = new GrpcMetadata().Add("authorization", "Bearer " + ServerProcess.Key), CancellationToken = ct };
        await using var call = channel.ServerStreaming("/phoenix.v1.Events/Subscribe", new SubscribeRequest { FromSequence = Math.Max(1, seen.Last) }, SubscribeReply.Parser, options);
        while (await call.MoveNextAsync())
        {
            if (call.Current.Event is { } made) seen.Take(made.Sequence, made.Id, made.TransactionId, made.ToByteArray());
        }
    }
}
