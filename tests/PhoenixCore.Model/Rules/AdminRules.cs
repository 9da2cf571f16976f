using PhoenixCore.Model.Books;
using PhoenixCore.Model.Rules.Policies;

namespace PhoenixCore.Model.Rules;

/// <summary>Assets, wallets and bounds.</summary>
internal static class AdminRules
{
    public static ModelResult CreateAsset(Draft draft, CreateAsset command)
    {
        if (command.Scale is < 0 or > 18) return ModelResult.ScaleOutOfRange;
        if (draft.Books.Assets.ContainsKey(command.Code)) return ModelResult.DuplicateAsset;

        draft.AddAsset(command.Code, command.Scale);
        return ModelResult.Accepted;
    }

    public static ModelResult SetAssetStatus(Draft draft, SetAssetStatus command)
    {
        if (!draft.Books.Assets.TryGetValue(command.Code, out var asset)) return ModelResult.AssetNotFound;

        draft.Books.Assets = draft.Books.Assets.SetItem(command.Code, asset with { Active = command.Active });
        return ModelResult.Accepted;
    }

    public static ModelResult CreateWallet(Draft draft, CreateWallet command)
    {
        if (draft.Books.Wallets.ContainsKey(command.ExternalId)) return ModelResult.DuplicateExternalId;
        if (command.DefaultAsset is { } code && !draft.Books.Assets.ContainsKey(code)) return ModelResult.AssetNotFound;

        if (!PolicyAdminRules.Bindable(draft.Books, command.Policies, [])) return ModelResult.InvalidPolicy;

        AddWallet(draft, command.ExternalId, command.Pooled, system: false, command.DefaultAsset);
        draft.Books.WalletPolicies = draft.Books.WalletPolicies.SetItem(command.ExternalId, command.Policies);
        return ModelResult.Accepted;
    }

    public static void AddWallet(Draft draft, string externalId, bool pooled, bool system, string? defaultAsset)
    {
        var id = draft.Books.Wallets.Count;
        draft.Books.Wallets = draft.Books.Wallets.Add(externalId, new(id, externalId, WalletStatus.Active, pooled, system, defaultAsset));
        draft.WalletId = id;
    }

    public static ModelResult SetWalletStatus(Draft draft, SetWalletStatus command)
    {
        if (!draft.Books.Wallets.TryGetValue(command.Wallet, out var wallet)) return ModelResult.WalletNotFound;
        if (wallet.System) return ModelResult.SystemWallet;

        var closed = wallet.Status == WalletStatus.Closed;
        if (command.Change != WalletStatusChange.Close && closed) return ModelResult.WalletClosed;
        if (command.Change == WalletStatusChange.Close && !closed
            && draft.Books.AccountsOf(command.Wallet).Any(account => !account.Available.IsZero || !account.Reserved.IsZero))
        {
            return ModelResult.WalletNotEmpty;
        }

        var status = command.Change switch
        {
            WalletStatusChange.Freeze => WalletStatus.Frozen,
            WalletStatusChange.Unfreeze => WalletStatus.Active,
            WalletStatusChange.Close => WalletStatus.Closed,
        };
        draft.Books.Wallets = draft.Books.Wallets.SetItem(command.Wallet, wallet with { Status = status });
        return ModelResult.Accepted;
    }

    public static ModelResult SetBounds(Draft draft, SetBounds command)
    {
        if (!draft.Books.Wallets.TryGetValue(command.Wallet, out var wallet)) return ModelResult.WalletNotFound;
        if (wallet.System) return ModelResult.SystemWallet;

        var resolved = draft.Books.ResolveAsset(command.Wallet, command.Asset, out var asset);
        if (resolved != ModelResult.Accepted) return resolved;
        if (wallet.Status == WalletStatus.Closed) return ModelResult.WalletClosed;
        if (command.Floor > (command.Ceiling ?? TenantBooks.Max) || command.Floor < -TenantBooks.Max) return ModelResult.BoundsInvalid;
        if (command.Ceiling < 0 || command.Ceiling > TenantBooks.Max) return ModelResult.BoundsInvalid;
        if (command.Floor < 0 && !wallet.Pooled) return ModelResult.BoundsInvalid;

        var account = draft.AccountOrNew(command.Wallet, asset);
        account.Floor = command.Floor;
        account.Ceiling = command.Ceiling == TenantBooks.Max ? null : command.Ceiling;
        return ModelResult.Accepted;
    }
}
