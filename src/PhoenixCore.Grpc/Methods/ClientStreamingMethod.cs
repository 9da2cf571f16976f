using Google.Protobuf;

namespace PhoenixCore.Grpc.Methods;

internal sealed class ClientStreamingMethod<TRequest, TReply>(
    string path, int? maxRequestBytes, MessageParser<TRequest> parser, Func<RequestStream<TRequest>, GrpcCall, ValueTask<TReply>> handler)
    : RequestStreamMethod(path, maxRequestBytes)
    where TRequest : IMessage<TRequest>
    where TReply : IMessage<TReply>
{
    protected override async ValueTask HandleAsync(GrpcCall call, RawRequestStream requests) =>
        call.ReplyMessage = await handler(new RequestStream<TRequest>(requests, parser), call);
}
