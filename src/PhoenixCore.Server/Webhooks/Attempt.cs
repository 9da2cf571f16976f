namespace PhoenixCore.Server.Webhooks;

/// <summary>What one attempt came to.</summary>
/// <param name="Status">HTTP status; 0 = no answer.</param>
/// <param name="Error">Null = delivered.</param>
/// <param name="Answer">The first bytes of the receiver's answer, for people.</param>
public sealed record Attempt(int Status, string? Error, string Answer, TimeSpan Took, TimeSpan? RetryAfter)
{
    /// <summary>The receiver says that it does not exist any more.</summary>
    public bool IsGone => Status == 410;

    /// <summary>The receiver is overloaded: all its deliveries slow down.</summary>
    public bool IsThrottling => Status is 429 or 502 or 504;
}
