namespace PhoenixCore.Server.Auth;

/// <summary>What a credential may do. A route or method names those of which any one suffices.</summary>
[Flags]
public enum Scope
{
    None = 0,
    WalletsRead = 1 << 0,
    WalletsWrite = 1 << 1,
    CreditsWrite = 1 << 2,
    TransfersWrite = 1 << 3,
    DebitsWrite = 1 << 4,
    ReservationsWrite = 1 << 5,
    LotsRead = 1 << 6,
    LotsWrite = 1 << 7,
    AssetsRead = 1 << 8,
    AssetsWrite = 1 << 9,
    PoliciesRead = 1 << 10,
    PoliciesWrite = 1 << 11,
    LedgerRead = 1 << 12,
    EventsRead = 1 << 13,
    WebhooksRead = 1 << 14,
    WebhooksWrite = 1 << 15,
    Admin = 1 << 16,

    /// <summary>Changes something; as a demand: any one of them.</summary>
    AnyWrite = WalletsWrite | CreditsWrite | TransfersWrite | DebitsWrite | ReservationsWrite | LotsWrite | AssetsWrite | PoliciesWrite | WebhooksWrite,

    AnyRead = WalletsRead | LotsRead | AssetsRead | PoliciesRead | LedgerRead | EventsRead | WebhooksRead,

    /// <summary>All of a tenant's own business.</summary>
    Tenant = AnyRead | AnyWrite,
}
