namespace PhoenixCore.Server.Webhooks;

/// <summary>That a webhook was removed under an idempotency key, for repetitions.</summary>
public sealed record RemovedWebhook(ulong Number, uint Tenant, string Key);
