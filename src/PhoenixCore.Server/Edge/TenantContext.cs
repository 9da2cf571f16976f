using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Edge;

/// <summary>Whose call it is, always from the credential: the tenant's number, its ids and its hashes.</summary>
public sealed class TenantContext(uint number, string name, UInt128 idKey, UInt128 hashKey, TenantLoad? load = null)
{
    private volatile bool _isSuspended;

    /// <summary>Public name, as in <c>tenant_id</c>.</summary>
    public string Name { get; } = name;

    public uint Number { get; } = number;

    public PublicIds Ids { get; } = new(idKey);

    public TenantLoad Load { get; } = load ?? new TenantLoad(null);

    /// <summary>Nothing is done or shown for it until it is resumed. What was in the queue before goes through.</summary>
    public bool IsSuspended
    {
        get => _isSuspended;
        internal set => _isSuspended = value;
    }

    /// <summary>Unix nanoseconds.</summary>
    public long CreatedAt { get; internal init; }

    /// <summary>Hash under which external ids and idempotency keys of this tenant are known.</summary>
    public (ulong Lo, ulong Hi) Hash(ReadOnlySpan<byte> text) => SipHash.Hash128(hashKey, text);
}
