using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Server.Tenants;

/// <summary>An operator's action on its way into the journal.</summary>
/// <param name="Tenant">The one acted on.</param>
/// <param name="Action">None = the tenant is made.</param>
/// <param name="Actor">Public part of the operator's credential.</param>
/// <param name="Key">Hash of the idempotency key; null = none was sent.</param>
/// <param name="Fingerprint">Of the request.</param>
internal sealed record AdminEntry(uint Tenant, AdminAction Action, string Actor, string? Reason, (ulong Lo, ulong Hi)? Key, ulong Fingerprint)
{
    /// <summary>Name of the tenant that is made, or id of the key.</summary>
    public string? Name { get; init; }

    /// <summary>Id of the key that is replaced.</summary>
    public string? Reference { get; init; }

    /// <summary>Enciphers the entry's texts, where they are the tenant's and not the operator's; null = they stay plain.</summary>
    public TextCipher? Texts { get; init; }
}
