namespace PhoenixCore.Grpc;

/// <summary>Ends a call with a status other than OK. Where a refusal is frequent, <see cref="GrpcCall.Fail"/> does the same without a throw.</summary>
public sealed class GrpcException : Exception
{
    public GrpcException(GrpcStatus status) : base(status.Detail) => Status = status;

    public GrpcException(
        GrpcStatusCode code,
        string detail,
        string? reason = null,
        string? domain = null,
        IReadOnlyDictionary<string, string>? errorMetadata = null)
        : this(new GrpcStatus(code, detail, reason, domain, errorMetadata))
    {
    }

    public GrpcStatus Status { get; }

    public GrpcStatusCode Code => Status.Code;

    public string Detail => Status.Detail;

    /// <summary>The reason in <c>ErrorInfo</c>; null when none is sent.</summary>
    public string? Reason => Status.Reason;

    public string? Domain => Status.Domain;

    public IReadOnlyDictionary<string, string>? ErrorMetadata => Status.ErrorMetadata;
}
