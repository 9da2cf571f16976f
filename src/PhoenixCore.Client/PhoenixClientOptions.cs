namespace PhoenixCore.Client;

/// <summary>How a <see cref="PhoenixClient"/> calls and repeats; read once, when it is made.</summary>
public sealed record PhoenixClientOptions
{
    /// <summary>Of one attempt; the server too gives up then, and has definitely not applied the call if it says so.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of a logical call with all its repetitions: no attempt begins after it.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>1 = never repeat.</summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>Most that is waited before the first repetition; it doubles with each, and a random part of it is waited.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    public GrpcChannelOptions Channel { get; init; } = new();
}
