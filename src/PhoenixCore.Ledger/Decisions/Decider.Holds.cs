using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    // Slices of the reservation being released in part, in their order.
    private readonly (int Lot, Int128 Amount)[] _held = new (int, Int128)[LedgerLimits.LotSlicesMax];

    /// <summary>A capture that is more than taking slices of an unchanged reservation and ending it.</summary>
    private LedgerResult DecideCapture(Command* command, int reservation, Int128 amount, long stamp, ref FactWriter writer)
    {
        var row = _state.Reservations.Read(reservation);
        var excess = amount > row->Amount ? amount - row->Amount : 0;
        if (excess > 0 && (command->Has(CommandFlags.KeepRest) || excess > OvercaptureOf(row))) return LedgerResult.CaptureExceedsReservation;

        var account = _state.Accounts.Read(row->Account);
        var checks = FindDestination(command, account, out var to);
        if (checks != LedgerResult.Accepted) return checks;
        var hasTerms = command->Has(CommandFlags.HasTerms);
        if (hasTerms && CheckTerms(command, to, stamp) is var terms and not LedgerResult.Accepted) return terms;
        LotGovernedItem lot = default;
        var expiresAt = command->ExpiresAt;
        if (hasTerms && GovernArrival(command, account->Asset, to, account->Wallet, amount, row->Memo, ref writer, out lot, out expiresAt) is var arrival and not LedgerResult.Accepted) return arrival;
        var governed = row->Memo != 0 || IsGoverned(account->Flags | to.Flags, account->Asset);
        if (governed && (checks = GovernCapture(command, row, account, to, amount, excess, command->Has(CommandFlags.KeepRest))) != LedgerResult.Accepted) return checks;
        var room = Room(to.Account, amount);
        if (room != LedgerResult.Accepted) return room;
        if (!CanGrow(row, excess)) return LedgerResult.BalanceWouldOverflow;

        var body = writer.Begin<CapturedBody>(PartKind.Captured);
        var rest = row->Amount - (amount - excess);
        FillChange(&body->Change, reservation, amount, held: command->Has(CommandFlags.KeepRest) ? rest : 0);
        body->Change.Captured += amount;
        body->Change.Destination = command->Has(CommandFlags.HasDestination) ? to.Number : 0;
        body->Returned = rest - body->Change.Held;
        body->Change.Released += body->Returned;
        body->Taken = excess;
        if (hasTerms)
        {
            body->HasTerms = 1;
            FillTerms(command, &body->Terms);
            body->Terms.ExpiresAt = expiresAt;
        }

        var flow = _flow.Start(account->Asset, row->Account, to.Account, to.Number, to.Is(AccountFlags.Pooled), mayMerge: true);
        if (hasTerms) flow.IntoNewLot();
        MoveHeld(row, amount - excess, returnRest: body->Returned > 0, account->Asset, flow, ref writer);
        for (var i = 0; excess > 0 && i < _lots.Count; i++) flow.Move(_lots[i].Lot, _lots[i].Amount, debitReserved: false, ref writer, writer.TakenOut(_lots[i].Lot));
        if (governed) WriteCaptured(row, to, isAll: body->Change.Held == 0 && (row->Totals == 0 || _state.Totals.Read(row->Totals)->Captured == 0), ref writer);
        WriteLot(lot, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private void MoveHeld(ReservationRow* row, Int128 amount, bool returnRest, int asset, PostingFlow flow, ref FactWriter writer)
    {
        _forfeits = false;
        for (var slice = &row->First; ; slice = _state.Slices.Read(slice->Next))
        {
            var captured = slice->Amount < amount ? slice->Amount : amount;
            if (captured > 0) flow.Move(slice->Lot, captured, debitReserved: true, ref writer, writer.TakenOut(slice->Lot));
            amount -= captured;
            if (returnRest && captured < slice->Amount) Return(slice->Lot, slice->Amount - captured, writer.TakenOut(slice->Lot), asset, flow, ref writer);
            if (slice->Next == 0) return;
        }
    }

    /// <summary>The last slices go back first.</summary>
    private LedgerResult ReleasePart(Command* command, int reservation, ref FactWriter writer)
    {
        var row = _state.Reservations.Read(reservation);
        var account = _state.Accounts.Read(row->Account);
        var body = writer.Begin<ReservationChangedBody>(PartKind.Returned);
        FillChange(body, reservation, command->Amount, held: row->Amount - command->Amount);
        body->Released += command->Amount;

        var count = 0;
        for (var slice = &row->First; ; slice = _state.Slices.Read(slice->Next))
        {
            _held[count++] = (slice->Lot, slice->Amount);
            if (slice->Next == 0) break;
        }

        var flow = _flow.Start(account->Asset, row->Account, row->Account, account->Wallet, pooled: false, mayMerge: false);
        _forfeits = false;
        var left = command->Amount;
        while (left > 0)
        {
            var (lot, held) = _held[--count];
            var released = held < left ? held : left;
            Return(lot, released, writer.TakenOut(lot), account->Asset, flow, ref writer);
            left -= released;
        }

        if (row->Memo != 0)
        {
            _desk.Begin(null, row->Tenant, _stamp, account->Asset);
            _desk.GiveBack(row, row->Amount - command->Amount, isUnused: false);
            _desk.WriteTo(ref writer);
        }

        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult DecideIncrement(Command* command, ref FactWriter writer)
    {
        if (!IsAmount(command->Amount)) return LedgerResult.InvalidAmount;
        var found = FindReservation(command, out var reservation);
        if (found != LedgerResult.Accepted) return found;
        var row = _state.Reservations.Read(reservation);
        var account = _state.Accounts.Read(row->Account);
        if ((account->Flags & AccountFlags.Frozen) != 0) return LedgerResult.WalletFrozen;
        var wallet = new Party { Number = row->Wallet, Account = row->Account };
        var governed = row->Memo != 0 || command->Has(CommandFlags.HasPolicyInput) || IsGoverned(account->Flags, account->Asset);
        var taken = governed ? GovernReservation(command, account->Asset, wallet, row->Memo) : _lots.Take(row->Account, command->Amount, command->Strategy, NamedLots(command));
        if (taken != LedgerResult.Accepted) return taken;
        if (_lots.Count + row->SliceCount > LedgerLimits.LotSlicesMax) return LedgerResult.TooManyLots;
        if (account->Reserved > LedgerLimits.UnitsMax - command->Amount || !CanGrow(row, command->Amount)) return LedgerResult.BalanceWouldOverflow;

        FillChange(writer.Begin<ReservationChangedBody>(PartKind.ReservationIncremented), reservation, command->Amount, held: row->Amount + command->Amount);
        var flow = _flow.Start(account->Asset, row->Account, row->Account, account->Wallet, pooled: false, mayMerge: false);
        for (var i = 0; i < _lots.Count; i++) flow.Shift(_lots[i].Lot, _lots[i].Amount, toReserved: true, ref writer);
        if (governed) _desk.WriteTo(ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult DecideExtension(Command* command, long stamp, ref FactWriter writer)
    {
        var found = FindReservation(command, out var reservation);
        if (found != LedgerResult.Accepted) return found;
        var row = _state.Reservations.Read(reservation);
        if (command->ExpiresAt <= stamp) return LedgerResult.ExpiryInPast;
        if (command->ExpiresAt - row->CreatedAt > LedgerLimits.ReservationTtlMax) return LedgerResult.ExpiryTooFar;

        var body = writer.Begin<ReservationChangedBody>(PartKind.ReservationExtended);
        FillChange(body, reservation, 0, row->Amount);
        body->ExpiresAt = command->ExpiresAt;
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    /// <summary>The end, without a capture, of a reservation that was changed: its totals go with it.</summary>
    private void BeginChangedEnd(PartKind kind, int reservation, ref FactWriter writer)
    {
        var amount = _state.Reservations.Read(reservation)->Amount;
        var body = writer.Begin<ReservationChangedBody>(kind == PartKind.Released ? PartKind.Returned : PartKind.ChangedReservationExpired);
        FillChange(body, reservation, amount, held: 0);
        body->Released += amount;
    }

    /// <summary>What a reservation ever held is bounded like an amount: money that was released can be held again, and the totals count it each time.</summary>
    private bool CanGrow(ReservationRow* row, Int128 amount)
    {
        if (row->Totals == 0) return row->Amount <= LedgerLimits.UnitsMax - amount;
        var totals = _state.Totals.Read(row->Totals);
        return row->Amount + totals->Captured + totals->Released <= LedgerLimits.UnitsMax - amount; // by this very bound the sum is at most 10^38 - 1
    }

    /// <summary>Captured and Released are those before the change.</summary>
    private void FillChange(ReservationChangedBody* body, int reservation, Int128 amount, Int128 held)
    {
        var row = _state.Reservations.Read(reservation);
        *body = new ReservationChangedBody { Number = row->Number, Wallet = row->Wallet, Handle = reservation, Account = row->Account, ExpiresAt = row->ExpiresAt, Amount = amount, Held = held };
        if (row->Totals == 0) return;
        var totals = _state.Totals.Read(row->Totals);
        (body->Captured, body->Released) = (totals->Captured, totals->Released);
    }
}
