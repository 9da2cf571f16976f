namespace PhoenixCore.Grpc.Methods;

internal sealed class RawDuplexMethod(string path, int? maxRequestBytes, RawDuplexHandler handler) : RequestStreamMethod(path, maxRequestBytes)
{
    protected override async ValueTask HandleAsync(GrpcCall call, RawRequestStream requests)
    {
        using var replies = new RawResponseStream(call);
        await handler(requests, replies, call);
        await replies.FlushAsync();
    }
}
