using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Policies;

internal sealed unsafe partial class PolicyDesk
{
    private readonly CountedItem[] _charges = new CountedItem[ItemsMax];
    private int _chargeCount;

    private bool DeniesLimit(byte* program, RuleRow* rule, ulong policy, in PolicyQuestion question, in LotSubject lot, Int128 moved)
    {
        if (question.IsCapture || !Counts(program, rule, question, lot)) return false;
        var isCount = (rule->Flags & RuleFlags.Counts) != 0;
        var now = isCount ? 1 : moved;
        var max = Max(rule);
        if (rule->Window == LimitWindow.Transaction) return now > max;

        var isOfLot = lot.IsGiven && (policy == 0 || (rule->Flags & RuleFlags.PerLot) != 0);
        var charge = new CountedItem
        {
            Rule = rule->Counter,
            Policy = policy,
            Owner = isOfLot ? lot.Number : question.Wallet,
            WindowStart = PolicyMath.WindowStart(rule->Window, rule->Duration, _stamp),
            Asset = _asset,
            Lot = lot.Handle,
            Flags = (isOfLot ? CountedItem.OfLot : 0) | (isCount ? CountedItem.Operations : 0),
        };
        var before = ValueBefore(charge, out var isWhole, out charge.Handle);
        if (isWhole) return false; // the operation was counted as a whole: once is enough
        if (now > max - before) return true;
        charge.After = before + now;
        Add(charge);
        return false;
    }

    /// <summary>Whether the rule counts this operation, and not the one that the command asked about before.</summary>
    private bool Counts(byte* program, RuleRow* rule, in PolicyQuestion question, in LotSubject lot)
    {
        if ((rule->Flags & RuleFlags.WhenOperation) == 0) return question.Operation is PolicyOperation.Consume or PolicyOperation.TransferOut or PolicyOperation.Reserve;
        if (question.Before == PolicyOperation.None) return true;
        var before = question;
        before.Operation = question.Before;
        return !Hold(program, rule->When, before, lot);
    }

    /// <summary>What the counter stands at, with what this operation has added.</summary>
    /// <param name="isWhole">This operation has counted there on layers 1–2, or is about to for a second time.</param>
    private Int128 ValueBefore(in CountedItem charge, out bool isWhole, out int handle)
    {
        isWhole = false;
        for (var i = _chargeCount - 1; i >= 0; i--)
        {
            ref var other = ref _charges[i];
            if (other.Rule != charge.Rule || other.Policy != charge.Policy || other.Owner != charge.Owner) continue;
            handle = other.Handle;
            isWhole = charge.Lot == 0 || other.Lot == 0;
            return other.After;
        }

        handle = _state.FindCounter(charge.Rule, charge.Policy, charge.Owner, charge.Asset);
        if (handle == 0) return 0;
        var row = _state.Counters.Read(handle);
        return row->WindowStart == charge.WindowStart ? row->Value : 0;
    }

    private void Add(in CountedItem charge)
    {
        if (_chargeCount == ItemsMax) _isOverfull = true;
        else _charges[_chargeCount++] = charge;
    }

    /// <summary>Gives back what a reservation was counted for and did not use: what returns of each slice, and a count when nothing was ever captured.</summary>
    /// <param name="captured">Units that its slices lose now, first slice first.</param>
    /// <param name="isUnused">Nothing of the reservation is captured, now or before.</param>
    public void GiveBack(ReservationRow* reservation, Int128 captured, bool isUnused)
    {
        if (reservation->Memo == 0) return;
        var header = (MemoHeader*)_state.Blobs.Read(reservation->Memo);
        var charges = (ChargeMemo*)((byte*)header + sizeof(MemoHeader));
        for (var i = 0; i < header->Charges; i++)
        {
            var counter = _state.Counters.Read(charges[i].Counter);
            if (counter->Rule != charges[i].Rule || counter->WindowStart != charges[i].WindowStart) continue;
            Int128 amount = isUnused ? charges[i].Times : 0;
            if ((charges[i].Flags & CountedItem.Operations) == 0) amount = Returned(reservation, captured, charges[i].Lot);
            if (amount == 0) continue;
            var item = new CountedItem
            {
                Rule = counter->Rule,
                Policy = counter->Policy,
                Owner = counter->Owner,
                WindowStart = counter->WindowStart,
                Asset = counter->Asset,
                Handle = charges[i].Counter,
                Lot = charges[i].Lot,
                Flags = charges[i].Flags | CountedItem.GivenBack,
            };
            var before = ValueBefore(item, out _, out _);
            item.After = before > amount ? before - amount : 0;
            Add(item);
        }
    }

    /// <summary>What goes back to the lot (0 = to all lots) when the first so many units are captured.</summary>
    private Int128 Returned(ReservationRow* reservation, Int128 captured, int lot)
    {
        Int128 returned = 0;
        for (var slice = &reservation->First; ; slice = _state.Slices.Read(slice->Next))
        {
            var taken = slice->Amount < captured ? slice->Amount : captured;
            captured -= taken;
            if (lot == 0 || slice->Lot == lot) returned += slice->Amount - taken;
            if (slice->Next == 0) return returned;
        }
    }
}
