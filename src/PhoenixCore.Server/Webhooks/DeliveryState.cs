namespace PhoenixCore.Server.Webhooks;

/// <summary>How far an endpoint is: stored whole, so that a crash repeats deliveries and never skips one.</summary>
public sealed record DeliveryState
{
    /// <summary>First event that has not been looked at; all below are delivered, pending or dead.</summary>
    public ulong Position { get; init; }

    public IReadOnlyList<Delivery> Pending { get; init; } = [];

    /// <summary>Given up after the last attempt; kept 30 days.</summary>
    public IReadOnlyList<Delivery> Dead { get; init; } = [];

    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>Start of an unbroken row of failures.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Attempts in that row.</summary>
    public int FailureCount { get; init; }
}
