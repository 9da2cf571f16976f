using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Auth;

/// <summary>Who calls, as the credential says.</summary>
/// <param name="Tenant">The only source of the tenant; bodies and paths never choose it.</param>
/// <param name="KeyId">Public part of the credential, for logs and for the books of administration.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Rate">The credential's own bucket; null = no limit.</param>
public sealed record Caller(TenantContext Tenant, string KeyId, Scope Scopes, RateBucket? Rate = null)
{
    /// <param name="any">Any one of these suffices.</param>
    public bool May(Scope any) => (Scopes & any) != 0;
}
