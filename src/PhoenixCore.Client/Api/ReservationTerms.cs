namespace PhoenixCore.Client.Api;

/// <summary>Terms of a reservation.</summary>
public sealed record ReservationTerms : SpendingTerms
{
    /// <summary>At most 30 days ahead; null = 15 minutes after the decision.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
