namespace PhoenixCore.Client.Errors;

/// <summary>What a status means for the caller, and whether repeating helps.</summary>
internal static class Faults
{
    /// <summary>Repeating is safe for every call, because its key is the same; this says where it may help.</summary>
    public static bool MayPass(GrpcStatusException fault) => fault.Code switch
    {
        GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded => true,
        GrpcStatusCode.ResourceExhausted => fault.Reason is "OVERLOADED" or "RATE_LIMITED" || fault.InnerException is not null,
        GrpcStatusCode.Internal or GrpcStatusCode.Cancelled => fault.InnerException is not null, // the connection broke in the middle
        GrpcStatusCode.Unknown => fault.Reason is null, // it ended without a status
        _ => false,
    };

    public static PhoenixException Explain(GrpcStatusException fault, string? key) => fault.Code switch
    {
        _ when MayPass(fault) => new PhoenixUnavailableException(fault, key),
        GrpcStatusCode.NotFound => new PhoenixNotFoundException(fault, key),
        GrpcStatusCode.FailedPrecondition or GrpcStatusCode.AlreadyExists or GrpcStatusCode.Aborted => new PhoenixRefusedException(fault, key),
        GrpcStatusCode.InvalidArgument => new PhoenixInvalidRequestException(fault, key),
        GrpcStatusCode.Unauthenticated or GrpcStatusCode.PermissionDenied => new PhoenixCredentialException(fault, key),
        _ => new PhoenixException(fault, key),
    };
}
