using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Primitives;
using PhoenixCore.Contracts.Rpc;

namespace PhoenixCore.Grpc.Protocol;

/// <summary>The value of <c>grpc-status-details-bin</c>: a <c>google.rpc.Status</c> that carries an <c>ErrorInfo</c> and, where waiting helps, a <c>RetryInfo</c>.</summary>
internal static class StatusDetails
{
    internal static StringValues Encode(GrpcStatus status)
    {
        if (status.Reason is null) return StringValues.Empty;

        var info = new ErrorInfo { Reason = status.Reason, Domain = status.Domain ?? "" };
        if (status.ErrorMetadata is { } metadata)
        {
            foreach (var (name, value) in metadata) info.Metadata.Add(name, value);
        }

        var details = new Status { Code = (int)status.Code, Message = status.Detail };
        details.Details.Add(Any.Pack(info));
        if (status.RetryIn is { } retryIn) details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryIn) }));
        return BinaryHeader.Encode(details.ToByteArray());
    }
}
