using System.Buffers;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace PhoenixCore.Grpc.Methods;

internal sealed class UnaryMethod<TRequest, TReply>(
    string path, int? maxRequestBytes, MessageParser<TRequest> parser, Func<TRequest, GrpcCall, ValueTask<TReply>> handler)
    : OneRequestMethod(path, maxRequestBytes)
    where TRequest : IMessage<TRequest>
    where TReply : IMessage<TReply>
{
    protected override ValueTask HandleAsync(GrpcCall call, ReadOnlySequence<byte> payload)
    {
        var request = parser.ParseFrom(payload);
        call.ReturnRequest();
        var answer = handler(request, call);
        if (!answer.IsCompletedSuccessfully) return WaitAsync(call, answer);
        call.ReplyMessage = answer.Result;
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask WaitAsync(GrpcCall call, ValueTask<TReply> answer) => call.ReplyMessage = await answer;
}
