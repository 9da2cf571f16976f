using System.Buffers;

namespace PhoenixCore.Grpc.Methods;

internal sealed class RawUnaryMethod(string path, int? maxRequestBytes, RawUnaryHandler handler) : OneRequestMethod(path, maxRequestBytes)
{
    protected override ValueTask HandleAsync(GrpcCall call, ReadOnlySequence<byte> payload) =>
        handler(payload, call.ReplyWriter = new GrpcReplyWriter(), call);
}
