namespace PhoenixCore.Client;

/// <summary>What one call asks for besides its message. May be shared by calls, except <see cref="ResponseMetadata"/>.</summary>
public sealed record CallOptions
{
    /// <summary>After this the call fails with DEADLINE_EXCEEDED, here and on the server; null: never.</summary>
    public TimeSpan? Timeout { get; init; }

    public GrpcMetadata? Metadata { get; init; }

    /// <summary>Filled with the response's headers and trailers by the time the call ends; null: they are not kept.</summary>
    public GrpcMetadata? ResponseMetadata { get; init; }

    public CancellationToken CancellationToken { get; init; }
}
