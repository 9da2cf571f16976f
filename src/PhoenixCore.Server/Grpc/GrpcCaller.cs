using PhoenixCore.Grpc;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Grpc;

/// <summary>What a call says about who calls and until when.</summary>
internal static class GrpcCaller
{
    private static readonly GrpcStatus Unauthorized = new(GrpcStatusCode.Unauthenticated, "the credential is missing or not valid", "UNAUTHORIZED", Statuses.Domain);

    /// <summary>Lets health and reflection through; every other call needs a credential.</summary>
    public static ValueTask Authorize(GrpcCall call, IAuthenticator authenticator)
    {
        if (call.Path.StartsWith("/grpc.", StringComparison.Ordinal)) return default;
        if (authenticator.Authenticate(call.RequestMetadata.Find("authorization")) is { } caller) call.Caller = caller;
        else call.Fail(Unauthorized);
        return default;
    }

    public static TenantContext TenantOf(GrpcCall call) => ((Caller)call.Caller!).Tenant;

    /// <summary>Unix nanoseconds; 0 = none.</summary>
    public static long DeadlineOf(GrpcCall call) => call.Deadline is { } deadline ? (deadline - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick : 0;
}
