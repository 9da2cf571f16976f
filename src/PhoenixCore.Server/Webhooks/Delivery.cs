namespace PhoenixCore.Server.Webhooks;

/// <summary>An event on its way to one endpoint.</summary>
public sealed record Delivery
{
    /// <summary>The event's number in its tenant's stream.</summary>
    public required ulong Event { get; init; }

    /// <summary>Number of the wallet it is about; 0 = none.</summary>
    public ulong Wallet { get; init; }

    /// <summary>Attempts that have failed.</summary>
    public int Failed { get; init; }

    public DateTimeOffset DueAt { get; init; }

    /// <summary>Asked for by hand, after it had been delivered or given up.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What the last attempt came to; null before the first.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }
}
