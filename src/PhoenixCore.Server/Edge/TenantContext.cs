using System.Security.Cryptography;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Edge;

/// <summary>A tenant as the edges know it: who a credential speaks for.</summary>
/// <param name="hashKey">As in the journal.</param>
public sealed class TenantContext(uint number, string name, UInt128 idKey, UInt128 hashKey, TenantLoad? load = null)
{
    private volatile bool _isSuspended;
    private volatile bool _isErased;
    private volatile TextCipher? _texts;

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

    /// <summary>Its texts are gone, and it stays suspended for ever.</summary>
    public bool IsErased => _isErased;

    /// <summary>Enciphers its texts; null = they stay plain.</summary>
    public TextCipher? Texts
    {
        get => _texts;
        internal init => _texts = value;
    }

    /// <summary>Hashes are keyed outside the journal; a tenant that is older than such keys keeps those it has.</summary>
    public bool HasOwnHashes { get; internal init; }

    /// <summary>Unix nanoseconds.</summary>
    public long CreatedAt { get; internal init; }

    /// <summary>Key of the fingerprints of its commands; 0 = none.</summary>
    internal UInt128 FingerprintKey => HasOwnHashes ? _texts!.Fingerprints : 0;

    /// <summary>Hash under which external ids and idempotency keys of this tenant are known.</summary>
    public (ulong Lo, ulong Hi) Hash(ReadOnlySpan<byte> text) => SipHash.Hash128(HasOwnHashes && !TenantNames.Contains(text) ? _texts!.Names : hashKey, text);

    /// <summary>Whoever still holds the tenant finds nothing by name, and what it may still write is never readable.</summary>
    internal void Erase()
    {
        _isErased = true;
        _texts = new TextCipher(0, RandomNumberGenerator.GetBytes(TextCipher.KeyBytes));
    }
}
