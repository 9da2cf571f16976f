using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Tenants;

/// <param name="Text">The key itself, for the one time it is shown; null in a repeated answer.</param>
public sealed record MintedKey(ApiKeyRecord Record, string? Text);
