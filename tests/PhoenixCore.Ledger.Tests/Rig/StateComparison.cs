using System.Numerics;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Model;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Holds all that can be read of a ledger against the model: wallets, balances, lots, reservations.</summary>
public sealed unsafe class StateComparison(LedgerRig rig, ModelLedger model, FactBook book, ModelTranslator translator, CommandArena arena)
{
    /// <summary>Looks at every wallet, which expires what is due on both sides first.</summary>
    public string? Find(long stamp)
    {
        model.Sweep(stamp);
        foreach (var wallet in model.Wallets()) rig.Read(AskWallet(wallet.ExternalId), stamp, out _);
        var balances = model.Balances().ToLookup(balance => balance.Wallet);
        foreach (var wallet in model.Wallets())
        {
            var difference = CompareWallet(wallet, [.. balances[wallet.ExternalId]], stamp);
            if (difference is not null) return $"{wallet.ExternalId}: {difference}";
        }

        return CompareReservations(stamp) ?? rig.Ledger.FindFault();
    }

    private string? CompareWallet(Model.WalletView wallet, List<Balance> balances, long stamp)
    {
        var question = AskWallet(wallet.ExternalId);
        if (rig.Read(question, stamp, out var answer) != LedgerResult.Accepted) return "is not there";

        var head = MemoryMarshal.Read<Reads.WalletView>(answer);
        var code = head.DefaultAsset == 0 ? null : AssetCode.Unpack(head.DefaultAsset);
        var same = head.Status.ToString() == wallet.Status.ToString() && head.Pooled == wallet.Pooled && head.System == wallet.System && code == wallet.DefaultAsset;
        if (!same) return $"{head.Status} pooled={head.Pooled} system={head.System} default={code}, the model {wallet}";
        if (Unlike(head.Policies, model.PoliciesOfWallet(wallet.ExternalId)) is { } bound) return bound;
        if (head.Balances != balances.Count) return $"{head.Balances} accounts, the model {balances.Count}";

        var views = MemoryMarshal.Cast<byte, BalanceView>(answer[sizeof(Reads.WalletView)..]).ToArray();
        foreach (var view in views)
        {
            var asset = AssetCode.Unpack(view.Asset);
            if (CompareBalance(view, balances.Find(balance => balance.Asset == asset)) is { } difference) return $"{asset}: {difference}";
            if (CompareLots(wallet, asset, question, stamp) is { } other) return $"{asset}: {other}";
        }

        return null;
    }

    private string? Unlike(Policies.PolicyList list, IReadOnlyList<int> expected)
    {
        var numbers = new Span<ulong>(list.Numbers, list.Count).ToArray();
        return numbers.SequenceEqual(expected.Select(book.PolicyOf)) ? null : $"bound to [{string.Join(", ", numbers)}], the model to [{string.Join(", ", expected)}]";
    }

    private Command* AskWallet(string externalId)
    {
        var question = arena.Commands(1);
        question->Kind = CommandKind.ReadWallet;
        question->Tenant = LedgerRig.Tenant;
        question->Flags = CommandFlags.WalletByAlias;
        (question->WalletAliasLo, question->WalletAliasHi) = CommandArena.HashOf(externalId);
        return question;
    }

    private string? CompareBalance(in BalanceView view, Balance? balance)
    {
        if (balance is null) return "an account that the model has not";
        static bool Same(Int128 real, BigInteger? model, Int128 none) => real == (model is { } given ? ModelTranslator.Units(given) : none);
        var same = Same(view.Available, balance.Available, 0) && Same(view.Reserved, balance.Reserved, 0) && Same(view.Lifetime, balance.Lifetime, 0)
            && Same(view.Floor, balance.Floor, -LedgerLimits.UnitsMax) && Same(view.Ceiling, balance.Ceiling, LedgerLimits.UnitsMax)
            && view.LastEntry == book.LastEntryOf(balance.Wallet, balance.Asset)
            && view.Available == book.Column(balance.Wallet, balance.Asset, reserved: false) && view.Reserved == book.Column(balance.Wallet, balance.Asset, reserved: true);
        return same ? null : $"available {view.Available} reserved {view.Reserved} lifetime {view.Lifetime} floor {view.Floor} ceiling {view.Ceiling}, the model {balance}";
    }

    private string? CompareLots(Model.WalletView wallet, string asset, Command* question, long stamp)
    {
        question->Kind = CommandKind.ReadLots;
        question->AssetCode = AssetCode.Pack(System.Text.Encoding.ASCII.GetBytes(asset));
        if (rig.Read(question, stamp, out var answer) != LedgerResult.Accepted) return "lots cannot be read";

        var real = MemoryMarshal.Cast<byte, Reads.LotView>(answer);
        var lots = model.Lots(wallet.ExternalId, asset);
        if (real.Length != lots.Count) return $"{real.Length} lots, the model {lots.Count}";
        for (var i = 0; i < lots.Count; i++)
        {
            var (view, lot) = (real[i], lots[i]);
            var same = view.Number == translator.LotOf(lot.Id) && view.Available == ModelTranslator.Units(lot.Available) && view.Reserved == ModelTranslator.Units(lot.Reserved)
                && (wallet.Pooled || view.Initial == ModelTranslator.Units(lot.Initial)) && view.ExpiresAt == (lot.ExpiresAt ?? 0)
                && view.Expired == lot.Expired && view.FromTransfer == lot.FromTransfer && view.Pooled == wallet.Pooled && (lot.Pin is not null || view.TermsSource == 0 == (lot.ExpiresAt is null && lot.Attributes is null && !lot.Restricted))
                && view.Policy == (lot.Pin is { } pin ? book.PolicyOf(pin.Policy) : 0) && view.PolicyVersion == (lot.Pin?.Version ?? 0) && view.Wagering == ModelTranslator.Units(lot.Remaining);
            if (!same) return $"lot {view.Number}: available {view.Available} reserved {view.Reserved} initial {view.Initial} expires {view.ExpiresAt} {view.Expired} policy {view.Policy} v{view.PolicyVersion} wagering {view.Wagering}, the model's {translator.LotOf(lot.Id)} {lot}";
        }

        return null;
    }

    private string? CompareReservations(long stamp)
    {
        var pending = model.PendingReservations();
        if (rig.Ledger.Counts.Reservations != pending.Count) return $"{rig.Ledger.Counts.Reservations} reservations, the model {pending.Count}";
        var question = arena.Commands(1);
        foreach (var reservation in pending)
        {
            question->Kind = CommandKind.ReadReservation;
            question->Tenant = LedgerRig.Tenant;
            question->Subject = translator.ReservationOf(reservation.Id);
            if (rig.Read(question, stamp, out var answer) != LedgerResult.Accepted) return $"reservation {reservation.Id} is not there";

            var view = MemoryMarshal.Read<Reads.ReservationView>(answer);
            Int128 held = 0;
            foreach (var slice in MemoryMarshal.Cast<byte, HeldLotView>(answer[sizeof(Reads.ReservationView)..])) held += slice.Amount;
            var same = view.Status == ReservationStatus.Pending && view.Amount == held && held == ModelTranslator.Units(reservation.Remaining)
                && view.Captured == ModelTranslator.Units(reservation.Captured) && view.Released == ModelTranslator.Units(reservation.Released) && view.ExpiresAt == reservation.ExpiresAt
                && book.WalletOf(view.Wallet) == reservation.Wallet && AssetCode.Unpack(view.Asset) == reservation.Asset;
            if (!same) return $"reservation {view.Number} {view.Status} {view.Amount} expires {view.ExpiresAt}, the model {reservation}";
        }

        return null;
    }
}
