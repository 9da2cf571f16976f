namespace PhoenixCore.Client;

/// <summary>What a single logical call asks for besides its arguments.</summary>
public sealed record RequestOptions
{
    /// <summary>1 to 255 characters; null = one is made. Give one when the call may have to be repeated by another process.</summary>
    public string? IdempotencyKey { get; init; }

    public CancellationToken CancellationToken { get; init; }
}
