using System.Collections.Immutable;
using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Books;

/// <summary>All state of the tenant but its keys. Immutable collections, so that a draft is a cheap copy; only accounts are copied deeply.</summary>
internal sealed class TenantBooks
{
    /// <summary>10^38 − 1.</summary>
    public static readonly BigInteger Max = BigInteger.Pow(10, 38) - 1;

    public ImmutableSortedDictionary<string, AssetView> Assets { get; set; } = ImmutableSortedDictionary.Create<string, AssetView>(StringComparer.Ordinal);

    public ImmutableDictionary<string, WalletView> Wallets { get; set; } = ImmutableDictionary<string, WalletView>.Empty;

    /// <summary>In creation order.</summary>
    public List<Account> Accounts { get; private set; } = [];

    public ImmutableSortedDictionary<int, Reservation> Pending { get; set; } = ImmutableSortedDictionary<int, Reservation>.Empty;

    public ImmutableDictionary<int, Reservation> Finished { get; set; } = ImmutableDictionary<int, Reservation>.Empty;

    /// <summary>Where each lot ever made belongs, the dead ones too; its count is the next lot's ordinal.</summary>
    public ImmutableDictionary<int, LotName> LotNames { get; set; } = ImmutableDictionary<int, LotName>.Empty;

    /// <summary>What can be reversed, by the ordinal of the transaction.</summary>
    public ImmutableDictionary<int, Original> Originals { get; set; } = ImmutableDictionary<int, Original>.Empty;

    /// <summary>By ordinal; 0 is <c>pol_default</c>.</summary>
    public ImmutableDictionary<int, Policy> Policies { get; set; } = ImmutableDictionary<int, Policy>.Empty.Add(0, new(PolicyStatus.Active, [PolicyVersion.Open]));

    public ImmutableDictionary<string, IReadOnlyList<int>> WalletPolicies { get; set; } = ImmutableDictionary<string, IReadOnlyList<int>>.Empty;

    public ImmutableDictionary<string, IReadOnlyList<int>> AssetPolicies { get; set; } = ImmutableDictionary<string, IReadOnlyList<int>>.Empty;

    public ImmutableDictionary<CounterName, Counter> Counters { get; set; } = ImmutableDictionary<CounterName, Counter>.Empty;

    /// <summary>Shared by all copies of these books: it counts what was asked, also for what was refused.</summary>
    public RuleTally Tally { get; set; } = new();

    public int NextReservation { get; set; }

    public TenantBooks Clone()
    {
        var clone = (TenantBooks)MemberwiseClone();
        clone.Accounts = [.. Accounts.Select(account => account.Clone())];
        return clone;
    }

    public Account? Account(string wallet, string asset) =>
        Accounts.Find(account => account.Wallet == wallet && account.Asset == asset);

    public IEnumerable<Account> AccountsOf(string wallet) => Accounts.Where(account => account.Wallet == wallet);

    /// <summary>The account that a lot belongs to and, while it is live, the lot; null when no such lot was ever made.</summary>
    public (Account Account, Lot? Lot)? FindLot(int id)
    {
        if (!LotNames.TryGetValue(id, out var name)) return null;
        var account = Account(name.Wallet, name.Asset)!;
        return (account, account.Lots.Find(lot => lot.Id == id && lot.Live));
    }

    public Reservation? Reservation(int id) => Pending.GetValueOrDefault(id) ?? Finished.GetValueOrDefault(id);

    /// <summary>The given code's asset; or, for none given, the wallet's default; or the asset of its only account.</summary>
    public ModelResult ResolveAsset(string wallet, string? code, out string asset)
    {
        asset = code ?? "";
        if (code is not null)
        {
            return Assets.ContainsKey(code) ? ModelResult.Accepted : ModelResult.AssetNotFound;
        }

        var only = AccountsOf(wallet).Take(2).ToList();
        var implied = Wallets[wallet].DefaultAsset ?? (only.Count == 1 ? only[0].Asset : null);
        asset = implied ?? "";
        return implied is null ? ModelResult.AssetRequired : ModelResult.Accepted;
    }
}
