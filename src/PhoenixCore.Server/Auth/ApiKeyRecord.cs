namespace PhoenixCore.Server.Auth;

/// <summary>What the server keeps of a key.</summary>
/// <param name="KeyId">Public part.</param>
/// <param name="Tenant">Number of the tenant it opens.</param>
/// <param name="Hash">SHA-256 of the whole text, hexadecimal.</param>
/// <param name="ExpiresAt">Not valid from then on; null = never ends.</param>
/// <param name="Scopes">Names; null = everything a tenant may do, and administration when it is the operator's (a first key of an older version).</param>
/// <param name="Name">The operator's words for it.</param>
/// <param name="RevokedAt">Null = not revoked.</param>
/// <param name="LastUsedAt">To the hour; kept with the next change and at a clean stop.</param>
public sealed record ApiKeyRecord(
    string KeyId,
    uint Tenant,
    string Hash,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<string>? Scopes = null,
    string? Name = null,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? RevokedAt = null,
    DateTimeOffset? LastUsedAt = null);
