using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;
using PhoenixCore.Model.Rules.Policies;

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
        if (wallet.Pooled && (command.Terms != Terms.Plain || command.Policy is not null)) return ModelResult.PooledTerms;
        if (command.Terms.ExpiresAt <= draft.Stamp) return ModelResult.ExpiryInPast;
        if (command.Policy is { } given && !CreditTermsRule.Usable(books, given)) return ModelResult.InvalidPolicy;

        var desk = new PolicyDesk(draft);
        var question = new Question(PolicyOperation.Credit, command.Wallet, asset, null, command.Amount, Question.IntentOf(command.Input, "deposit"), Question.ContextOf(command.Input));
        var allowed = desk.AskOperation(question);
        if (allowed != ModelResult.Accepted) return allowed;

        var terms = command.Terms;
        if (!wallet.Pooled && named is null)
        {
            terms = terms with { Pin = CreditTermsRule.Pin(books, command.Policy, asset) };
            if (terms.Pin is not null || terms.Restrictions is not null) terms = terms with { ExpiresAt = CreditTermsRule.Expiry(draft, question, terms, "credit") };
            if (terms.ExpiresAt <= draft.Stamp) return ModelResult.ExpiryInPast;
        }

        var room = RoomRule.Check(books.Account(command.Wallet, asset), command.Amount);
        if (room != ModelResult.Accepted) return room;

        if (command.Amount > HeadroomRule.Of(books, asset)) return ModelResult.BalanceWouldOverflow;

        var liability = draft.AccountOrNew(SystemWallets.Liability, asset);
        var account = draft.AccountOrNew(command.Wallet, asset);
        var lot = named ?? (account.Pooled ? account.Lots[0] : draft.NewLot(account, terms, fromTransfer: false));
        draft.Post(liability, Column.Available, liability.Lots[0], account, Column.Available, lot, command.Amount);
        if (named is null) lot.Remaining = CreditTermsRule.Required(books, lot, asset);
        desk.Charge();
        draft.Remember(new(true, SystemWallets.Liability, command.Wallet, asset, [new(liability.Lots[0].Id, lot.Id, command.Amount, Terms.Plain)]) { Charges = desk.Charges });
        return ModelResult.Accepted;
    }

    /// <summary>The lot that a credit names, which must be a live one of the account.</summary>
    private static ModelResult FindTarget(TenantBooks books, CreateCredit command, string asset, out Lot? lot)
    {
        lot = null;
        if (command.Lot is not { } id) return ModelResult.Accepted;
        if (books.FindLot(id) is not { Lot: { } live } found || found.Account != books.Account(command.Wallet, asset)) return ModelResult.LotNotFound;
        if (command.Terms != Terms.Plain || command.Policy is not null) return ModelResult.PooledTerms;
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

        var intent = Question.IntentOf(leg.Input, "transfer");
        var leaves = new Question(PolicyOperation.TransferOut, leg.From, asset, leg.To, leg.Amount, intent, Question.ContextOf(leg.Input));
        var comes = leaves with { Operation = PolicyOperation.TransferIn, Wallet = leg.To, Other = leg.From };
        var checkedTerms = ReceivingRule.CheckTerms(draft, to, leg.Destination, leg.DestinationPolicy, comes, out var terms);
        if (checkedTerms != ModelResult.Accepted) return checkedTerms;

        var desk = new PolicyDesk(draft);
        var allowed = desk.AskOperation(leaves);
        if (allowed == ModelResult.Accepted) allowed = desk.AskOperation(comes);
        if (allowed != ModelResult.Accepted) return allowed;

        var taken = TakeRule.Take(draft, books.Account(leg.From, asset), leg.Amount, leg.Selection, (lot, part) => desk.AskLot([leaves], lot, part), out var slices);
        if (taken != ModelResult.Accepted) return taken;

        var room = RoomRule.Check(books.Account(leg.To, asset), leg.Amount);
        if (room != ModelResult.Accepted) return room;

        var source = books.Account(leg.From, asset)!;
        var waiting = WageringRules.Waiting(source);
        var arrivals = ReceivingRule.GiveAll(draft, source, slices.Select(slice => (Column.Available, slice)), leg.To, terms);
        WageringRules.Settle(draft, waiting, leg.Amount, leaves);
        draft.Remember(new(false, leg.From, leg.To, asset, Draft.AsLeft(source, arrivals)) { Charges = desk.Charges });
        desk.Charge();
        return ModelResult.Accepted;
    }

    public static ModelResult Debit(Draft draft, CreateDebit command)
    {
        var books = draft.Books;
        if (!AmountValid(command.Amount)) return ModelResult.InvalidAmount;

        var ready = Spendable(books, command.Wallet, command.Asset, out var asset);
        if (ready != ModelResult.Accepted) return ready;

        var desk = new PolicyDesk(draft);
        var question = new Question(PolicyOperation.Consume, command.Wallet, asset, null, command.Amount, Question.IntentOf(command.Input, "consume"), Question.ContextOf(command.Input));
        var allowed = desk.AskOperation(question);
        if (allowed != ModelResult.Accepted) return allowed;

        var taken = TakeRule.Take(draft, books.Account(command.Wallet, asset), command.Amount, command.Selection, (lot, part) => desk.AskLot([question], lot, part), out var slices);
        if (taken != ModelResult.Accepted) return taken;

        var room = RoomRule.Check(books.Account(SystemWallets.Consumption, asset), command.Amount);
        if (room != ModelResult.Accepted) return room;

        var source = books.Account(command.Wallet, asset)!;
        var waiting = WageringRules.Waiting(source);
        foreach (var slice in slices)
        {
            ReceivingRule.Give(draft, source, Column.Available, slice, SystemWallets.Consumption);
        }

        WageringRules.Settle(draft, waiting, command.Amount, question);
        desk.Charge();

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
