namespace PhoenixCore.Grpc.Methods;

/// <summary>Stands in for the method of a call that named none; its calls are refused before they would get here.</summary>
internal sealed class UnknownMethod : GrpcMethod
{
    private UnknownMethod() : base("", maxRequestBytes: null)
    {
    }

    internal static UnknownMethod Instance { get; } = new();

    internal override ValueTask InvokeAsync(GrpcCall call) => throw new GrpcException(GrpcStatusCode.Unimplemented, "there is no such method");
}
