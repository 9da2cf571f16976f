using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    // What goes to breakage in the part being decided: one flow, so that its running balance goes on from slice to slice.
    private readonly PostingFlow _forfeit;
    private bool _forfeits;

    private LedgerResult DecideReservation(Command* command, long stamp, ref FactWriter writer)
    {
        var checks = CheckSpending(command, out var wallet, out var asset);
        if (checks != LedgerResult.Accepted) return checks;
        var expiresAt = command->ExpiresAt != 0 ? command->ExpiresAt : stamp + LedgerLimits.ReservationTtlDefault;
        if (expiresAt <= stamp) return LedgerResult.ExpiryInPast;
        if (expiresAt - stamp > LedgerLimits.ReservationTtlMax) return LedgerResult.ExpiryTooFar;
        var governed = command->Has(CommandFlags.HasPolicyInput) || IsGoverned(wallet.Flags, asset);
        var taken = governed ? GovernReservation(command, asset, wallet) : _lots.Take(wallet.Account, command->Amount, command->Strategy, NamedLots(command));
        if (taken != LedgerResult.Accepted) return taken;
        if (_state.Accounts.Read(wallet.Account)->Reserved > LedgerLimits.UnitsMax - command->Amount) return LedgerResult.BalanceWouldOverflow; // only an overdrawn pool gets here

        RowCursor next = default;
        var body = writer.Begin<ReservedBody>(PartKind.Reserved);
        body->Number = writer.NewNumber();
        body->Wallet = wallet.Number;
        body->Handle = _state.Reservations.Upcoming(ref next);
        body->Account = wallet.Account;
        body->ExpiresAt = expiresAt;
        body->Amount = command->Amount;
        var flow = _flow.Start(asset, wallet.Account, wallet.Account, wallet.Number, pooled: false, mayMerge: false);
        for (var i = 0; i < _lots.Count; i++) flow.Shift(_lots[i].Lot, _lots[i].Amount, toReserved: true, ref writer);
        if (governed)
        {
            _desk.WriteTo(ref writer);
            _desk.WriteMemo(ref writer);
        }

        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult FindReservation(Command* command, out int reservation)
    {
        reservation = _state.FindReservation(command->Tenant, command->Subject, out var ended);
        if (reservation != 0) return LedgerResult.Accepted;
        if (ended == ReservationStatus.None && command->Wallet > 1) ended = (ReservationStatus)(command->Wallet - 1);
        return ended switch
        {
            ReservationStatus.None => command->Wallet == 0 && _state.MayHaveForgotten(command->Subject) ? LedgerResult.EndingNotSearched : LedgerResult.ReservationNotFound,
            ReservationStatus.Expired => LedgerResult.ReservationExpired,
            ReservationStatus.Committed or ReservationStatus.Released => LedgerResult.ReservationNotActive,
            ReservationStatus.Pending => throw new InvariantBrokenException("a finished reservation is pending"),
        };
    }

    private LedgerResult DecideCommit(Command* command, long stamp, ref FactWriter writer)
    {
        var found = FindReservation(command, out var reservation);
        if (found != LedgerResult.Accepted) return found;
        var row = _state.Reservations.Read(reservation);
        var amount = command->Has(CommandFlags.HasAmount) ? command->Amount : row->Amount;
        if (amount < 1) return LedgerResult.InvalidAmount;
        if (row->Totals != 0 || amount > row->Amount || (command->Flags & (CommandFlags.KeepRest | CommandFlags.HasTerms)) != 0) return DecideCapture(command, reservation, amount, stamp, ref writer);

        var account = _state.Accounts.Read(row->Account);
        var checks = FindDestination(command, account, out var to);
        if (checks != LedgerResult.Accepted) return checks;
        var governed = row->Memo != 0 || IsGoverned(account->Flags | to.Flags, account->Asset);
        if (governed && (checks = GovernCapture(command, row, account, to, amount)) != LedgerResult.Accepted) return checks;
        var room = Room(to.Account, amount);
        if (room != LedgerResult.Accepted) return room;

        var body = writer.Begin<ReservationEndedBody>(PartKind.Committed);
        *body = new ReservationEndedBody
        {
            Number = row->Number,
            Destination = command->Has(CommandFlags.HasDestination) ? to.Number : 0,
            Handle = reservation,
            Account = row->Account,
            Captured = amount,
            Returned = row->Amount - amount,
        };
        var flow = _flow.Start(account->Asset, row->Account, to.Account, to.Number, to.Is(AccountFlags.Pooled), mayMerge: true);
        _forfeits = false;
        var left = amount;
        var slice = &row->First;
        while (true)
        {
            var captured = slice->Amount < left ? slice->Amount : left;
            if (captured > 0) flow.Move(slice->Lot, captured, debitReserved: true, ref writer);
            left -= captured;
            if (captured < slice->Amount) Return(slice->Lot, slice->Amount - captured, captured, account->Asset, flow, ref writer);
            if (slice->Next == 0) break;
            slice = _state.Slices.Read(slice->Next);
        }

        if (governed) WriteCaptured(row, to, isAll: true, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    /// <summary>Where a capture goes: the named wallet, or consumption.</summary>
    private LedgerResult FindDestination(Command* command, AccountRow* account, out Party to)
    {
        to = default;
        if (command->Has(CommandFlags.HasDestination))
        {
            if (!TryFindOther(command, account->Asset, out to)) return LedgerResult.WalletNotFound;
            if (to.Is(AccountFlags.System)) return LedgerResult.SystemWallet;
            if (to.Number == account->Wallet) return LedgerResult.SameWallet;
        }
        else
        {
            to.Account = _state.Assets.Read(account->Asset)->Consumption;
            to.Number = _state.Accounts.Read(to.Account)->Wallet;
            to.Flags = AccountFlags.Pooled | AccountFlags.System;
        }

        if ((account->Flags & AccountFlags.Frozen) != 0) return LedgerResult.WalletFrozen;
        return to.Is(AccountFlags.Closed) ? LedgerResult.WalletClosed : LedgerResult.Accepted;
    }

    private LedgerResult DecideRelease(Command* command, ref FactWriter writer)
    {
        var found = FindReservation(command, out var reservation);
        if (found != LedgerResult.Accepted) return found;
        if (command->Has(CommandFlags.HasAmount))
        {
            var held = _state.Reservations.Read(reservation)->Amount;
            if (command->Amount < 1) return LedgerResult.InvalidAmount;
            if (command->Amount > held) return LedgerResult.ReleaseExceedsReservation;
            if (command->Amount < held) return ReleasePart(command, reservation, ref writer);
        }

        EndWithoutCapture(PartKind.Released, reservation, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    /// <summary>Release and expiry: every slice goes back. The caller ends the part.</summary>
    private void EndWithoutCapture(PartKind kind, int reservation, ref FactWriter writer)
    {
        var row = _state.Reservations.Read(reservation);
        var account = _state.Accounts.Read(row->Account);
        if (row->Totals != 0) BeginChangedEnd(kind, reservation, ref writer);
        else *writer.Begin<ReservationEndedBody>(kind) = new ReservationEndedBody { Number = row->Number, Handle = reservation, Account = row->Account, Returned = row->Amount };
        var flow = _flow.Start(account->Asset, row->Account, row->Account, account->Wallet, pooled: false, mayMerge: false);
        _forfeits = false;
        for (var slice = &row->First; ; slice = _state.Slices.Read(slice->Next))
        {
            Return(slice->Lot, slice->Amount, row->Totals != 0 ? writer.TakenOut(slice->Lot) : 0, account->Asset, flow, ref writer);
            if (slice->Next == 0) break;
        }

        if (row->Memo != 0) GiveBack(reservation, account, ref writer);
    }

    /// <summary>Gives a held part back to its lot; where the lot has expired meanwhile it goes on to breakage.</summary>
    /// <param name="takenBefore">What this part takes out of the lot already.</param>
    private void Return(int lot, Int128 amount, Int128 takenBefore, int asset, PostingFlow flow, ref FactWriter writer)
    {
        if ((_state.Lots.Read(lot)->Flags & LotFlags.Expired) == 0)
        {
            flow.Shift(lot, amount, toReserved: false, ref writer);
            return;
        }

        Forfeit(lot, amount, debitReserved: true, takenBefore, asset, flow, ref writer);
    }

    private void Forfeit(int lot, Int128 amount, bool debitReserved, Int128 takenBefore, int asset, PostingFlow flow, ref FactWriter writer)
    {
        if (_forfeits) _forfeit.Rejoin(flow);
        else _forfeit.StartFrom(flow, _state.Assets.Read(asset)->Breakage);
        _forfeits = true;
        _forfeit.Move(lot, amount, debitReserved, ref writer, takenBefore);
        flow.Rejoin(_forfeit);
    }
}
