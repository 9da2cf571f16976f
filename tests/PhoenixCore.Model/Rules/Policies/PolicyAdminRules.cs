using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>Policies: made, edited, bound.</summary>
internal static class PolicyAdminRules
{
    private const int Default = 0;
    private const int BoundMax = 8;

    public static ModelResult Put(Draft draft, PutPolicy command)
    {
        var books = draft.Books;
        if (command.Policy is { } given)
        {
            if (!books.Policies.ContainsKey(given)) return ModelResult.PolicyNotFound;
            if (given == Default) return ModelResult.InvalidPolicy;
        }

        if (command.Version.Rules.OfType<WageringRule>().Any(rule => rule.Release is { } release && !books.Policies.ContainsKey(release))) return ModelResult.InvalidPolicy;

        var id = command.Policy ?? books.Policies.Count;
        var policy = books.Policies.GetValueOrDefault(id) ?? new(PolicyStatus.Active, []);
        books.Policies = books.Policies.SetItem(id, policy with { Versions = policy.Versions.Add(command.Version) });
        if (command.Policy is null) draft.PolicyId = id;
        return ModelResult.Accepted;
    }

    public static ModelResult SetStatus(Draft draft, SetPolicyStatus command)
    {
        if (!draft.Books.Policies.TryGetValue(command.Policy, out var policy)) return ModelResult.PolicyNotFound;
        if (command.Policy == Default) return ModelResult.InvalidPolicy;

        draft.Books.Policies = draft.Books.Policies.SetItem(command.Policy, policy with { Status = command.Status });
        return ModelResult.Accepted;
    }

    public static ModelResult BindWallet(Draft draft, BindWallet command)
    {
        var books = draft.Books;
        if (!books.Wallets.TryGetValue(command.Wallet, out var wallet)) return ModelResult.WalletNotFound;
        if (wallet.System) return ModelResult.SystemWallet;
        if (wallet.Status == WalletStatus.Closed) return ModelResult.WalletClosed;
        if (!Bindable(books, command.Policies, books.WalletPolicies.GetValueOrDefault(command.Wallet) ?? [])) return ModelResult.InvalidPolicy;

        books.WalletPolicies = books.WalletPolicies.SetItem(command.Wallet, command.Policies);
        return ModelResult.Accepted;
    }

    public static ModelResult BindAsset(Draft draft, BindAsset command)
    {
        var books = draft.Books;
        if (!books.Assets.ContainsKey(command.Asset)) return ModelResult.AssetNotFound;
        if (!Bindable(books, command.Policies, books.AssetPolicies.GetValueOrDefault(command.Asset) ?? [])) return ModelResult.InvalidPolicy;

        books.AssetPolicies = books.AssetPolicies.SetItem(command.Asset, command.Policies);
        return ModelResult.Accepted;
    }

    /// <summary>Each known and ACTIVE, or already bound and not INACTIVE; none twice; at most 8.</summary>
    public static bool Bindable(TenantBooks books, IReadOnlyList<int> policies, IReadOnlyList<int> already) =>
        policies.Count <= BoundMax && policies.Distinct().Count() == policies.Count
        && policies.All(id => CreditTermsRule.Usable(books, id)
            || (already.Contains(id) && books.Policies[id].Status != PolicyStatus.Inactive));
}
