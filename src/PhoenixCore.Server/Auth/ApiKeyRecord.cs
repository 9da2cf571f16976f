namespace PhoenixCore.Server.Auth;

/// <summary>What the server keeps of a key.</summary>
/// <param name="KeyId">Public part.</param>
/// <param name="Tenant">Number of the tenant it opens.</param>
/// <param name="Hash">SHA-256 of the whole text, hexadecimal.</param>
/// <param name="ExpiresAt">Not valid from then on; null = never ends.</param>
public sealed record ApiKeyRecord(string KeyId, uint Tenant, string Hash, DateTimeOffset? ExpiresAt);
