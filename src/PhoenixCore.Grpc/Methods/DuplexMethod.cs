using Google.Protobuf;

namespace PhoenixCore.Grpc.Methods;

internal sealed class DuplexMethod<TRequest, TReply>(
    string path, int? maxRequestBytes, MessageParser<TRequest> parser, Func<RequestStream<TRequest>, ResponseStream<TReply>, GrpcCall, ValueTask> handler)
    : RequestStreamMethod(path, maxRequestBytes)
    where TRequest : IMessage<TRequest>
    where TReply : IMessage<TReply>
{
    protected override async ValueTask HandleAsync(GrpcCall call, RawRequestStream requests)
    {
        using var replies = new RawResponseStream(call);
        await handler(new RequestStream<TRequest>(requests, parser), new ResponseStream<TReply>(replies), call);
        await replies.FlushAsync();
    }
}
