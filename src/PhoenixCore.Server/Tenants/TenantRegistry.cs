using System.Collections.Concurrent;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Tenants;

/// <summary>The tenants of a shard, with the keys of their ids and hashes; the first one is made on the first start. Any thread.</summary>
public sealed class TenantRegistry
{
    /// <summary>The operator's tenant.</summary>
    public const uint DefaultNumber = 1;
    public const string DefaultName = "default";

    private readonly ConcurrentDictionary<uint, TenantContext> _byNumber = new();
    private readonly ConcurrentDictionary<string, TenantContext> _byName = new(StringComparer.Ordinal);

    private TenantRegistry(TenantBooks books) => Books = books;

    public TenantContext Default => _byNumber[DefaultNumber];

    /// <summary>In the order of their making.</summary>
    public IReadOnlyList<TenantContext> All => _byNumber.Values.OrderBy(tenant => tenant.Number).ToArray();

    public int Count { get; private set; }

    internal TenantBooks Books { get; }

    /// <summary>Reads all tenants; a shard without any gets the default one, with its house wallet.</summary>
    /// <exception cref="InvalidDataException">The key of a tenant's texts is missing, or cannot be opened.</exception>
    public static async Task<TenantRegistry> OpenAsync(LedgerShard shard, TextKeyStore keys, RateLimits? limits = null)
    {
        var registry = new TenantRegistry(new TenantBooks(shard, limits ?? RateLimits.None, keys));
        if (await registry.Books.ReadAsync(DefaultNumber) is null)
        {
            registry.Books.MakeKey(DefaultNumber);
            var made = await registry.Books.WriteAsync(new AdminEntry(DefaultNumber, AdminAction.None, "server", "first start", null, 0) { Name = DefaultName });
            if (made.Result != LedgerResult.Accepted) throw new InvalidOperationException($"the tenant {DefaultName} could not be made: {made.Result}");
        }

        for (var number = DefaultNumber; await registry.Books.ReadAsync(number) is { } tenant; number++) registry.Add(tenant);
        return registry;
    }

    /// <summary>On a copy that follows: learns what the leader has done to tenants.</summary>
    internal async Task RefreshAsync()
    {
        foreach (var known in All) await Books.RefreshAsync(known).ConfigureAwait(false);
        for (var number = (uint)Count + 1; await Books.ReadAsync(number).ConfigureAwait(false) is { } tenant; number++) Add(tenant);
    }

    /// <summary>Null when there is none.</summary>
    public TenantContext? Find(uint number) => _byNumber.GetValueOrDefault(number);

    /// <inheritdoc cref="Find(uint)"/>
    public TenantContext? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a tenant that was just made; one that is known already is answered as it is.</summary>
    internal async Task<TenantContext> LearnAsync(uint number)
    {
        if (Find(number) is { } known) return known;
        var tenant = await Books.ReadAsync(number).ConfigureAwait(false) ?? throw new InvariantBrokenException("a tenant that was made is not there");
        Add(tenant);
        return tenant;
    }

    private void Add(TenantContext tenant)
    {
        _byNumber[tenant.Number] = tenant;
        _byName[tenant.Name] = tenant;
        Count = _byNumber.Count;
    }
}
