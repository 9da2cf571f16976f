using System.Numerics;
using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>Credits, debits and transfers.</summary>
internal static class MoneyRules
{
    public static ModelResult Credit(Draft draft, CreateCredit command)
    {
        var books = draft.Books;
        if (!AmountValid(command.Amount)) return ModelResult.InvalidAmount;
        if (!books.Wallets.TryGetValue(command.Wallet, out var wallet)) return ModelResult.WalletNotFound;
        if (wallet.System) return ModelResult.SystemWallet;

        var resolved = books.ResolveAsset(command.Wallet, command.Asset, out var asset);
        if (resolved != ModelResult.Accepted) return resolved;
        var target = FindTarget(books, command, asset, out var named);
        if (target != ModelResult.Accepted) return target;
        if (!books.Assets[asset].Active) return ModelResult.AssetInactive;
        if (wallet.Status == WalletStatus.Closed) return ModelResult.WalletClosed;
        if (wallet.Pooled && command.Terms != Terms.Plain) return ModelResult.PooledTerms;
        if (command.Terms.ExpiresAt <= draft.Stamp) return ModelResult.ExpiryInPast;

        var room = RoomRule.Check(books.Account(command.Wallet, asset), command.Amount);
        if (room != ModelResult.Accepted) return room;

        if (command.Amount > HeadroomRule.Of(books, asset)) return ModelResult.BalanceWouldOverflow;

        var liability = draft.AccountOrNew(SystemWallets.Liability, asset);
        var account = draft.AccountOrNew(command.Wallet, asset);
        var lot = named ?? (account.Pooled ? account.Lots[0] : draft.NewLot(account, command.Terms, fromTransfer: false));
        draft.Post(liability, Column.Available, liability.Lots[0], account, Column.Available, lot, command.Amount);
        draft.Remember(new(true, SystemWallets.Liability, command.Wallet, asset, [new(liability.Lots[0].Id, lot.Id, command.Amount, Terms.Plain)]));
        return ModelResult.Accepted;
    }

    /// <summary>The lot that a credit names, which must be a live one of the account.</summary>
    private static ModelResult FindTarget(TenantBooks books, CreateCredit command, string asset, out Lot? lot)
    {
        lot = null;
        if (command.Lot is not { } id) return ModelResult.Accepted;
        if (books.FindLot(id) is not { Lot: { } live } found || found.Account != books.Account(command.Wallet, asset)) return ModelResult.LotNotFound;
        if (command.Terms != Terms.Plain) return ModelResult.PooledTerms;
        lot = live;
        return live.Expired ? ModelResult.LotNotAvailable : ModelResult.Accepted;
    }

    public static ModelResult TransferLeg(Draft draft, TransferLeg leg)
    {
        var books = draft.Books;
        if (!AmountValid(leg.Amount)) return ModelResult.InvalidAmount;
        if (!books.Wallets.TryGetValue(leg.From, out var from)) return ModelResult.WalletNotFound;
        if (!books.Wallets.TryGetValue(leg.To, out var to)) return ModelResult.WalletNotFound;
        if (from.System || to.System) return ModelResult.SystemWallet;
        if (leg.From == leg.To) return ModelResult.SameWallet;

        var resolved = books.ResolveAsset(leg.From, leg.Asset, out var asset);
        if (resolved != ModelResult.Accepted) return resolved;
        if (from.Status == WalletStatus.Closed) return ModelResult.WalletClosed;
        if (from.Status == WalletStatus.Frozen) return ModelResult.WalletFrozen;
        if (to.Status == WalletStatus.Closed) return ModelResult.WalletClosed;

        var terms = ReceivingRule.CheckTerms(draft, to, leg.Destination);
        if (terms != ModelResult.Accepted) return terms;

        var taken = TakeRule.Take(draft, books.Account(leg.From, asset), leg.Amount, leg.Selection, out var slices);
        if (taken != ModelResult.Accepted) return taken;

        var room = RoomRule.Check(books.Account(leg.To, asset), leg.Amount);
        if (room != ModelResult.Accepted) return room;

        var source = books.Account(leg.From, asset)!;
        var arrivals = ReceivingRule.GiveAll(draft, source, slices.Select(slice => (Column.Available, slice)), leg.To, leg.Destination);
        draft.Remember(new(false, leg.From, leg.To, asset, arrivals));
        return ModelResult.Accepted;
    }

    public static ModelResult Debit(Draft draft, CreateDebit command)
    {
        var books = draft.Books;
        if (!AmountValid(command.Amount)) return ModelResult.InvalidAmount;

        var ready = Spendable(books, command.Wallet, command.Asset, out var asset);
        if (ready != ModelResult.Accepted) return ready;

        var taken = TakeRule.Take(draft, books.Account(command.Wallet, asset), command.Amount, command.Selection, out var slices);
        if (taken != ModelResult.Accepted) return taken;

        var room = RoomRule.Check(books.Account(SystemWallets.Consumption, asset), command.Amount);
        if (room != ModelResult.Accepted) return room;

        var source = books.Account(command.Wallet, asset)!;
        foreach (var slice in slices)
        {
            ReceivingRule.Give(draft, source, Column.Available, slice, SystemWallets.Consumption);
        }

        return ModelResult.Accepted;
    }

    /// <summary>The checks that debits and reservations share: wallet, system, asset, CLOSED, FROZEN.</summary>
    public static ModelResult Spendable(TenantBooks books, string externalId, string? code, out string asset)
    {
        asset = "";
        if (!books.Wallets.TryGetValue(externalId, out var wallet)) return ModelResult.WalletNotFound;
        if (wallet.System) return ModelResult.SystemWallet;

        var resolved = books.ResolveAsset(externalId, code, out asset);
        if (resolved != ModelResult.Accepted) return resolved;
        if (wallet.Status == WalletStatus.Closed) return ModelResult.WalletClosed;
        return wallet.Status == WalletStatus.Frozen ? ModelResult.WalletFrozen : ModelResult.Accepted;
    }

    public static bool AmountValid(BigInteger amount) => amount >= 1 && amount <= TenantBooks.Max;
}
