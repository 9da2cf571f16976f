namespace PhoenixCore.Client;

/// <summary>A call that did not end with OK, or that the transport broke.</summary>
public sealed class GrpcStatusException : Exception
{
    internal GrpcStatusException(GrpcStatusCode code, string detail, Exception? cause = null) : base($"{code}: {detail}", cause) =>
        (Code, Detail) = (code, detail);

    public GrpcStatusCode Code { get; }

    public string Detail { get; }

    /// <summary>The machine-readable reason from the server's <c>ErrorInfo</c>; null when it sent none, as for faults of the transport.</summary>
    public string? Reason { get; internal init; }

    public string? Domain { get; internal init; }

    public IReadOnlyDictionary<string, string>? ErrorMetadata { get; internal init; }
}
