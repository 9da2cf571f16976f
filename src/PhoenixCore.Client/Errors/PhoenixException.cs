namespace PhoenixCore.Client.Errors;

/// <summary>A call that did not succeed. The derived types say what a caller can do about it.</summary>
public class PhoenixException : Exception
{
    internal PhoenixException(GrpcStatusException cause, string? idempotencyKey) : base($"{cause.Reason ?? cause.Code.ToString()}: {cause.Detail}", cause) =>
        (Code, Status, IdempotencyKey, Metadata) = (cause.Reason ?? "", cause.Code, idempotencyKey, cause.ErrorMetadata ?? new Dictionary<string, string>());

    /// <summary>What to switch on, such as INSUFFICIENT_BALANCE; empty when no server answered.</summary>
    public string Code { get; }

    public GrpcStatusCode Status { get; }

    /// <summary>The key of the logical call, to ask with or to repeat under; null for reads.</summary>
    public string? IdempotencyKey { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }
}
