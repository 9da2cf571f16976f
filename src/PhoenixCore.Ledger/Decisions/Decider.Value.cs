using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    private LedgerResult DecideCredit(Command* command, long stamp, ref FactWriter writer)
    {
        if (!IsAmount(command->Amount)) return LedgerResult.InvalidAmount;
        var asset = AssetOf(command);
        if (!TryFindWallet(command, asset, out var wallet)) return LedgerResult.WalletNotFound;
        if (wallet.Is(AccountFlags.System)) return LedgerResult.SystemWallet;
        var found = ResolveAsset(command, ref wallet, ref asset);
        if (found != LedgerResult.Accepted) return found;
        var named = 0;
        if (command->Subject != 0 && FindNamedLot(command, wallet.Account, out named) is var search and not LedgerResult.Accepted) return search;
        var assetRow = _state.Assets.Read(asset);
        if (IsOfOtherScale(command, assetRow)) return LedgerResult.Outdated;
        if (assetRow->Active == 0) return LedgerResult.AssetInactive;
        if (wallet.Is(AccountFlags.Closed)) return LedgerResult.WalletClosed;
        if (GivesTerms(command) && wallet.Is(AccountFlags.Pooled)) return LedgerResult.PooledTerms;
        if (command->ExpiresAt != 0 && command->ExpiresAt <= stamp) return LedgerResult.ExpiryInPast;
        LotGovernedItem lot = default;
        var expiresAt = command->ExpiresAt;
        var governed = GivesTerms(command) || IsGoverned(wallet.Flags, asset);
        if (governed)
        {
            var asked = named != 0 ? GovernAddition(command, asset, wallet) : GovernCredit(command, asset, wallet, ref writer, out lot, out expiresAt);
            if (asked != LedgerResult.Accepted) return asked;
        }

        var room = Room(wallet.Account, command->Amount);
        if (room != LedgerResult.Accepted) return room;
        var liability = _state.Accounts.Read(assetRow->Liability);
        if (command->Amount > _state.HeadroomOf(asset)) return LedgerResult.BalanceWouldOverflow;

        var body = writer.Begin<CreditedBody>(PartKind.Credited);
        if (command->Has(CommandFlags.HasTerms)) FillTerms(command, body);
        body->ExpiresAt = expiresAt;
        var flow = _flow.Start(asset, assetRow->Liability, wallet.Account, wallet.Number, wallet.Is(AccountFlags.Pooled), mayMerge: false);
        if (named != 0) flow.Into(named);
        flow.Move(liability->FirstLot, command->Amount, debitReserved: false, ref writer);
        if (governed)
        {
            _desk.WriteTo(ref writer);
            WriteLot(lot, ref writer);
        }

        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private static void FillTerms(Command* command, CreditedBody* body)
    {
        body->ExpiresAt = command->ExpiresAt;
        var extras = new ReadOnlySpan<byte>(ExtrasOf(command), command->ExtrasBytes);
        if (Extras.TryFind(extras, ExtraTag.Attributes, out var attributes)) (body->AttributesLo, body->AttributesHi) = SipHash.Hash128(0, attributes);
        if (Extras.TryFind(extras, ExtraTag.Restrictions, out var restrictions)) (body->RestrictionsLo, body->RestrictionsHi) = SipHash.Hash128(0, restrictions);
    }

    private LedgerResult DecideTransfer(Command* command, long stamp, ref FactWriter writer)
    {
        if (!IsAmount(command->Amount)) return LedgerResult.InvalidAmount;
        var asset = AssetOf(command);
        if (!TryFindWallet(command, asset, out var from) || !TryFindOther(command, asset, out var to)) return LedgerResult.WalletNotFound;
        if (((from.Flags | to.Flags) & AccountFlags.System) != 0) return LedgerResult.SystemWallet;
        if (from.Number == to.Number) return LedgerResult.SameWallet;
        if (asset == 0)
        {
            var found = ResolveAsset(command, ref from, ref asset);
            if (found != LedgerResult.Accepted) return found;
            TryFindOther(command, asset, out to);
        }

        if (from.Is(AccountFlags.Closed)) return LedgerResult.WalletClosed;
        if (from.Is(AccountFlags.Frozen)) return LedgerResult.WalletFrozen;
        if (to.Is(AccountFlags.Closed)) return LedgerResult.WalletClosed;
        var hasTerms = command->Has(CommandFlags.HasTerms);
        if (hasTerms && CheckTerms(command, to, stamp) is var terms and not LedgerResult.Accepted) return terms;
        LotGovernedItem lot = default;
        var expiresAt = command->ExpiresAt;
        if (hasTerms && GovernArrival(command, asset, to, from.Number, command->Amount, 0, ref writer, out lot, out expiresAt) is var arrival and not LedgerResult.Accepted) return arrival;
        var governed = IsGoverned(from.Flags | to.Flags, asset);
        var taken = governed ? GovernTransfer(command, asset, from, to) : _lots.Take(from.Account, command->Amount, command->Strategy, NamedLots(command));
        if (taken != LedgerResult.Accepted) return taken;
        var room = Room(to.Account, command->Amount);
        if (room != LedgerResult.Accepted) return room;

        if (hasTerms)
        {
            var body = writer.Begin<CreditedBody>(PartKind.TransferredInto);
            FillTerms(command, body);
            body->ExpiresAt = expiresAt;
        }
        else
        {
            writer.Begin(PartKind.Transferred, 0);
        }

        MoveTaken(asset, from.Account, to.Account, to.Number, to.Is(AccountFlags.Pooled), hasTerms, ref writer);
        if (governed)
        {
            _desk.WriteTo(ref writer);
            _desk.WriteCarried(to.Number, ref writer);
        }

        if (hasTerms) WriteLot(lot, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult DecideDebit(Command* command, ref FactWriter writer)
    {
        var checks = CheckSpending(command, out var wallet, out var asset);
        if (checks != LedgerResult.Accepted) return checks;
        var governed = IsGoverned(wallet.Flags, asset);
        var taken = governed ? GovernDebit(command, asset, wallet) : _lots.Take(wallet.Account, command->Amount, command->Strategy, NamedLots(command));
        if (taken != LedgerResult.Accepted) return taken;
        var sink = _state.Assets.Read(asset)->Consumption;
        var room = Room(sink, command->Amount);
        if (room != LedgerResult.Accepted) return room;

        writer.Begin(PartKind.Debited, 0);
        MoveTaken(asset, wallet.Account, sink, _state.Accounts.Read(sink)->Wallet, pooled: true, oneLot: false, ref writer);
        if (governed) _desk.WriteTo(ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    /// <summary>The checks that debits and reservations share, up to "take".</summary>
    private LedgerResult CheckSpending(Command* command, out Party wallet, out int asset)
    {
        wallet = default;
        asset = AssetOf(command);
        if (!IsAmount(command->Amount)) return LedgerResult.InvalidAmount;
        if (!TryFindWallet(command, asset, out wallet)) return LedgerResult.WalletNotFound;
        if (wallet.Is(AccountFlags.System)) return LedgerResult.SystemWallet;
        var found = ResolveAsset(command, ref wallet, ref asset);
        if (found != LedgerResult.Accepted) return found;
        if (wallet.Is(AccountFlags.Closed)) return LedgerResult.WalletClosed;
        return wallet.Is(AccountFlags.Frozen) ? LedgerResult.WalletFrozen : LedgerResult.Accepted;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MoveTaken(int asset, int debit, int credit, ulong creditWallet, bool pooled, bool oneLot, ref FactWriter writer)
    {
        var flow = _flow.Start(asset, debit, credit, creditWallet, pooled, mayMerge: true);
        if (oneLot) flow.IntoNewLot();
        for (var i = 0; i < _lots.Count; i++) flow.Move(_lots[i].Lot, _lots[i].Amount, debitReserved: false, ref writer);
    }
}
