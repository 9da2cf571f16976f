using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Lots;

internal sealed unsafe partial class LotSelector
{
    /// <summary>The rule "take" where layers 3 and 4 govern some of the account's lots: POLICIES.md, "Evaluation". Not for pooled accounts.</summary>
    public LedgerResult TakeGoverned(int account, Int128 amount, SelectionStrategy strategy, ReadOnlySpan<ulong> named, PolicyDesk desk)
    {
        Count = 0;
        var row = _state.Accounts.Read(account);
        var entries = named.Length;
        if (strategy == SelectionStrategy.Specific)
        {
            var check = Order(row, named, pooled: false);
            if (check != LedgerResult.Accepted) return check;
        }
        else
        {
            entries = OrderBy(row, strategy);
        }

        var floor = (row->Flags & AccountFlags.HasBounds) != 0 ? _state.Bounds.Read(row->Bounds)->Floor : 0;
        Int128 left = amount, all = 0;
        var count = 0;
        for (var i = 0; i < entries && left > 0; i++)
        {
            var handle = _order[i].Lot;
            var lot = _state.Lots.Read(handle);
            if ((lot->Flags & LotFlags.Expired) != 0 || lot->Available <= 0) continue;
            all += lot->Available;
            var before = left;
            if (desk.MayTake(handle, lot->Available < left ? lot->Available : left)) Step(lot, handle, ref left, ref count);
            if (left == before && strategy == SelectionStrategy.Specific) return LedgerResult.PolicyViolation;
        }

        if (left > 0) return all >= amount && CanPay(row, amount) ? LedgerResult.PolicyViolation : LedgerResult.InsufficientBalance;
        return CanPay(row, amount) ? Done(count) : LedgerResult.InsufficientBalance;
    }

    /// <summary>Lots that a governed "take" would look at, in its order.</summary>
    /// <returns>How many; <see cref="LotAt"/> names them.</returns>
    public int OrderBy(AccountRow* row, SelectionStrategy strategy)
    {
        if (strategy == SelectionStrategy.ExpiringFirst) return OrderByExpiry(row);
        Room(row->LotCount);
        var count = 0;
        for (var handle = row->FirstLot; handle != 0; handle = _state.Lots.Read(handle)->Next)
        {
            var lot = _state.Lots.Read(handle);
            if (strategy == SelectionStrategy.Fifo && ((lot->Flags & LotFlags.Expired) != 0 || lot->Available <= 0)) continue; // a lot that gives nothing leads no group
            _order[count] = (strategy == SelectionStrategy.Fifo ? PriorityOf(lot, out _) : 0, count, handle);
            count++;
        }

        var order = _order.AsSpan(0, count);
        if (strategy == SelectionStrategy.Lifo) order.Reverse();
        if (strategy == SelectionStrategy.Fifo) OrderGroups(order);
        return count;
    }

    public int LotAt(int index) => _order[index].Lot;

    /// <summary>Groups of equal priority, lower first; within one the strategy of its first lot.</summary>
    private void OrderGroups(Span<(long Priority, int Order, int Lot)> order)
    {
        order.Sort();
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && order[end].Priority == order[start].Priority) end++;
            var group = order[start..end];
            PriorityOf(_state.Lots.Read(group[0].Lot), out var strategy);
            if (strategy == SelectionStrategy.Lifo) group.Reverse();
            if (strategy == SelectionStrategy.ExpiringFirst)
            {
                foreach (ref var entry in group)
                {
                    var expiry = _state.ExpiryOf(_state.Lots.Read(entry.Lot)->Terms);
                    entry.Priority = expiry == 0 ? long.MaxValue : expiry;
                }

                group.Sort();
            }

            start = end;
        }
    }

    private int PriorityOf(LotRow* lot, out SelectionStrategy strategy)
    {
        strategy = SelectionStrategy.Fifo;
        var version = lot->Terms == 0 ? 0 : _state.Terms.Read(lot->Terms)->Version;
        var program = version == 0 ? null : (ProgramHeader*)_state.ProgramOf(version);
        if (program == null) return PolicyLimits.PriorityDefault;
        if (program->Strategy != ProgramHeader.NoStrategy) strategy = (SelectionStrategy)program->Strategy;
        return program->Priority;
    }
}
