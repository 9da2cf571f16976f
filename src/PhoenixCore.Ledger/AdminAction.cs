namespace PhoenixCore.Ledger;

/// <summary>What an operator did to a tenant. Stored, so numbers are added and never reused.</summary>
public enum AdminAction : uint
{
    None = 0,
    TenantSuspended = 1,
    TenantResumed = 2,
    KeyCreated = 3,
    KeyRotated = 4,
    KeyRevoked = 5,
    TenantExported = 6,

    /// <summary>By the server, because its deliveries fail; the tenant's stream says so.</summary>
    WebhookDisabled = 7,

    /// <summary>For ever: the key of the tenant's texts goes, by the server, once this is durable.</summary>
    TenantErased = 8,
}
