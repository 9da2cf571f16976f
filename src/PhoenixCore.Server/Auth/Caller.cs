using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Auth;

/// <summary>Who calls, as the credential says.</summary>
/// <param name="Tenant">The only source of the tenant; bodies and paths never choose it.</param>
/// <param name="KeyId">Public part of the credential, for logs.</param>
public sealed record Caller(TenantContext Tenant, string KeyId);
