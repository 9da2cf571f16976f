using PhoenixCore.Journal;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Shard.History;

/// <summary>The ciphers of the tenants' texts, for whoever reads facts. Any thread.</summary>
public sealed unsafe class TextVault : IPayloadOpener
{
    private readonly Lock _lock = new();
    private volatile TextCipher?[] _byTenant = [];

    /// <param name="cipher">Null = the tenant's texts are gone: whoever reads from now on sees none.</param>
    public void Set(uint tenant, TextCipher? cipher)
    {
        lock (_lock)
        {
            var changed = new TextCipher?[Math.Max(_byTenant.Length, (int)tenant + 1)];
            _byTenant.CopyTo(changed, 0);
            changed[tenant] = cipher;
            _byTenant = changed;
        }
    }

    /// <inheritdoc/>
    public void Open(in RecordHeader header, byte* payload)
    {
        var ciphers = _byTenant;
        TextCipher.Open(payload, header.Tenant < (uint)ciphers.Length ? ciphers[header.Tenant] : null);
    }
}
