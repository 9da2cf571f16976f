using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Policies;

// What a reversal will want to know of a transfer or capture, and what it gives back.
internal sealed unsafe partial class PolicyDesk
{
    /// <summary>After a part's postings: the policies that the lots have, once the operation is done, which gave to the receiver.</summary>
    /// <param name="receiver">Number of the wallet.</param>
    public void WriteCarried(ulong receiver, ref FactWriter writer)
    {
        CarriedItem run = default;
        var postings = new FactPart(writer.Part).Postings;
        for (var i = 0; i < postings.Length && postings[i].CreditWallet == receiver; i++)
        {
            var lot = GovernedAfter(postings[i].DebitLotHandle);
            if (run.Count > 0 && lot.Policy == run.Policy && lot.VersionHandle == run.VersionHandle && lot.Wagering == run.Wagering)
            {
                run.Count++;
                continue;
            }

            WriteRun(run, ref writer);
            run = new CarriedItem { First = i, Count = 1, Policy = lot.Policy, Version = lot.Version, VersionHandle = lot.VersionHandle, Wagering = lot.Wagering };
        }

        WriteRun(run, ref writer);
    }

    /// <summary>What the reservation was counted for: amounts, and operations when this capture is all of it.</summary>
    public void WriteCharged(ReservationRow* reservation, bool isAll, ref FactWriter writer)
    {
        if (reservation->Memo == 0) return;
        var header = (MemoHeader*)_state.Blobs.Read(reservation->Memo);
        var charges = (ChargeMemo*)((byte*)header + sizeof(MemoHeader));
        for (var i = 0; i < header->Charges && i < ItemsMax; i++)
        {
            var counter = _state.Counters.Read(charges[i].Counter);
            if (counter->Rule != charges[i].Rule || counter->WindowStart != charges[i].WindowStart) continue; // its window is over
            if ((charges[i].Flags & CountedItem.Operations) != 0 && !isAll) continue;
            *(CountedItem*)writer.AddPolicyItem(PolicyItemKind.Charged, sizeof(CountedItem)) = new CountedItem
            {
                Rule = counter->Rule,
                Policy = counter->Policy,
                Owner = counter->Owner,
                WindowStart = counter->WindowStart,
                After = charges[i].Times,
                Asset = counter->Asset,
                Handle = charges[i].Counter,
                Lot = charges[i].Lot,
                Flags = charges[i].Flags,
            };
        }
    }

    /// <summary>Gives back what a limit counted for a transaction that is undone, where its window is still the same.</summary>
    public void GiveBack(in OriginalCharge charge, Int128 amount)
    {
        if (amount == 0) return;
        var item = new CountedItem
        {
            Rule = charge.Rule,
            Policy = charge.Policy,
            Owner = charge.Owner,
            WindowStart = charge.WindowStart,
            Asset = charge.Asset,
            Flags = CountedItem.GivenBack | (charge.CountsOperations != 0 ? CountedItem.Operations : 0),
        };
        var before = ValueBefore(item, out _, out item.Handle);
        if (item.Handle == 0 || _state.Counters.Read(item.Handle)->WindowStart != charge.WindowStart) return;
        item.After = before > amount ? before - amount : 0;
        Add(item);
    }

    private LotGovernedItem GovernedAfter(int handle)
    {
        var lot = _state.Lots.Read(handle);
        var terms = _state.Terms.Read(lot->Terms);
        if (lot->Terms == 0 || terms->Version == 0) return default;
        var version = terms->Version;
        var wagering = lot->Wagering;
        for (var i = 0; i < _wagerCount; i++)
        {
            if (_wagers[i].Handle != handle) continue;
            wagering = _wagers[i].After;
            if (_switches[i].Lot != 0) version = _switches[i].VersionHandle;
        }

        var row = _state.PolicyVersions.Read(version);
        return new LotGovernedItem { Policy = _state.Policies.Read(row->Policy)->Number, Version = row->Version, VersionHandle = version, Wagering = wagering };
    }

    private static void WriteRun(in CarriedItem run, ref FactWriter writer)
    {
        if (run.Policy != 0) *(CarriedItem*)writer.AddPolicyItem(PolicyItemKind.Carried, sizeof(CarriedItem)) = run;
    }
}
