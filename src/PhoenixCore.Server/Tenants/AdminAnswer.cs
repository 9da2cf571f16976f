namespace PhoenixCore.Server.Tenants;

/// <param name="IsReplay">The idempotency key had been used for the same request; nothing was done now.</param>
public readonly record struct AdminAnswer<T>(T Value, bool IsReplay);
