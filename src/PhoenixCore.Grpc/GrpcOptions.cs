namespace PhoenixCore.Grpc;

/// <summary>Limits and hooks of a <see cref="GrpcDispatcher"/>; read once, when the dispatcher is built.</summary>
public sealed class GrpcOptions
{
    /// <summary>Bytes of one request message, compressed and inflated, where the method names no limit of its own.</summary>
    public int MaxRequestBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// Runs once per call before its request is read; throws <see cref="GrpcException"/> to refuse it and may leave
    /// what it found in <see cref="GrpcCall.Caller"/>. Health and reflection calls pass through it too.
    /// </summary>
    public Func<GrpcCall, ValueTask>? Authorize { get; set; }

    /// <summary>Runs once when a call is over, however it ended, if <see cref="GrpcCall.HoldsPlace"/> was set. Must not throw.</summary>
    public Action<GrpcCall>? Ended { get; set; }

    /// <summary>How long one flush of a stream may wait for a client that does not read; then the call is reset.</summary>
    public TimeSpan WriteStallLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long streams may go on after <see cref="GrpcDispatcher.Drain"/>; then they end with UNAVAILABLE.</summary>
    public TimeSpan StreamDrainGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the rest of a refused request is read and dropped before the answer leaves without it.</summary>
    public TimeSpan RefusalPatience { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Sends the text of unexpected exceptions to the client. For development only: it may tell secrets.</summary>
    public bool DetailedErrors { get; set; }
}
