using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Server.Edge;

/// <summary>Whose call it is, always from the credential: the tenant's number, its ids and its hashes.</summary>
public sealed class TenantContext(uint number, string name, UInt128 idKey, UInt128 hashKey)
{
    /// <summary>Public name, as in <c>tenant_id</c>.</summary>
    public string Name { get; } = name;

    public uint Number { get; } = number;

    public PublicIds Ids { get; } = new(idKey);

    /// <summary>Hash under which external ids and idempotency keys of this tenant are known.</summary>
    public (ulong Lo, ulong Hi) Hash(ReadOnlySpan<byte> text) => SipHash.Hash128(hashKey, text);
}
