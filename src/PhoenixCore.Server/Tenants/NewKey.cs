namespace PhoenixCore.Server.Tenants;

/// <summary>A key that is wanted.</summary>
/// <param name="Scopes">Names; at least one.</param>
/// <param name="ExpiresIn">Seconds from now; 0 = not given.</param>
public sealed record NewKey(IReadOnlyList<string> Scopes, string? Name = null, DateTimeOffset? ExpiresAt = null, long ExpiresIn = 0);
