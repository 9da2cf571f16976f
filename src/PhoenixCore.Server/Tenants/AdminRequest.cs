using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Tenants;

/// <summary>Who wants an administrative action, and why.</summary>
/// <param name="Reason">For the journal; null = none was given.</param>
/// <param name="Key">Idempotency key; null = none was sent. Such keys are a space of their own beside those of commands.</param>
public sealed record AdminRequest(Caller By, string? Reason, string? Key);
