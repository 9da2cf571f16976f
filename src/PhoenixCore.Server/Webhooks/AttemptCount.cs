namespace PhoenixCore.Server.Webhooks;

/// <summary>How deliveries of all endpoints have ended since the start. Any thread.</summary>
internal sealed class AttemptCount
{
    private long _delivered;
    private long _failed;
    private long _givenUp;

    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>They are tried again.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>They failed for the last time and wait for an operator.</summary>
    public long GivenUp => Volatile.Read(ref _givenUp);

    public void CountDelivered() => Interlocked.Increment(ref _delivered);

    public void CountFailed(bool isLast) => Interlocked.Increment(ref (isLast ? ref _givenUp : ref _failed));
}
