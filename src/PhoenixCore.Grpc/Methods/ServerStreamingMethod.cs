using System.Buffers;
using Google.Protobuf;

namespace PhoenixCore.Grpc.Methods;

internal sealed class ServerStreamingMethod<TRequest, TReply>(
    string path, int? maxRequestBytes, MessageParser<TRequest> parser, Func<TRequest, ResponseStream<TReply>, GrpcCall, ValueTask> handler)
    : OneRequestMethod(path, maxRequestBytes)
    where TRequest : IMessage<TRequest>
    where TReply : IMessage<TReply>
{
    internal override bool IsStreaming => true;

    protected override async ValueTask HandleAsync(GrpcCall call, ReadOnlySequence<byte> payload)
    {
        var request = parser.ParseFrom(payload);
        call.ReturnRequest();
        using var replies = new RawResponseStream(call);
        await handler(request, new ResponseStream<TReply>(replies), call);
        await replies.FlushAsync();
    }
}
