using System.Globalization;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Tools.Names;

/// <summary>Finds the wallet that an operator names, by public id or external id, while the journal passes.</summary>
internal sealed class WalletQuery
{
    private readonly string _name;
    private readonly string? _tenant;
    private readonly Dictionary<uint, ulong> _wanted = [];
    private readonly HashSet<ulong> _found = [];

    /// <param name="tenant">Name or number; null: any.</param>
    public WalletQuery(string name, string? tenant, JournalNames names)
    {
        (_name, _tenant) = (name, tenant);
        names.TenantSeen += See;
        names.WalletSeen += See;
    }

    /// <summary>The wallet's tenant, or one that was asked for while the wallet is not found; null = none yet.</summary>
    public TenantEntry? Tenant { get; private set; }

    /// <summary>Number of the wallet, the first one found; 0 = none yet.</summary>
    public ulong Number { get; private set; }

    /// <summary>Whether it is the wallet, or one of those of several tenants with that external id.</summary>
    public bool Is(ulong wallet) => _found.Contains(wallet);

    private bool IsAsked(TenantEntry tenant) => _tenant is null || tenant.Name == _tenant || tenant.Number.ToString(CultureInfo.InvariantCulture) == _tenant;

    private void See(TenantEntry tenant)
    {
        if (!IsAsked(tenant)) return;
        Tenant ??= tenant;
        if (tenant.Ids.TryParse(IdKind.Wallet, _name, out var number)) _wanted[tenant.Number] = number;
    }

    private void See(TenantEntry tenant, ulong number, string externalId)
    {
        if (!IsAsked(tenant) || (externalId != _name && _wanted.GetValueOrDefault(tenant.Number) != number)) return;
        _found.Add(number);
        if (Number == 0) (Number, Tenant) = (number, tenant);
    }
}
