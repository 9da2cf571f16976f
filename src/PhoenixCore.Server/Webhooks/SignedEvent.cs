namespace PhoenixCore.Server.Webhooks;

/// <summary>What the headers of a delivery say about its event.</summary>
/// <param name="Number">In the tenant's stream; 0 = a test.</param>
/// <param name="Attempt">From 1.</param>
public readonly record struct SignedEvent(ulong Number, string Type, int Attempt, bool IsReplay);
