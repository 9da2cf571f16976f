using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Lots;

/// <summary>Chooses lots to cover an amount. Changes nothing; the slices stay valid until the next choice.</summary>
internal sealed unsafe partial class LotSelector : IDisposable
{
    private readonly LedgerState _state;
    private readonly LotSlice* _slices = (LotSlice*)NativeMemory.AlignedAlloc((nuint)(LedgerLimits.LotSlicesMax * sizeof(LotSlice)), 64);
    private (long Expiry, int Order, int Lot)[] _order = new (long, int, int)[256];

    public LotSelector(LedgerState state) => _state = state;

    public int Count { get; private set; }

    public ref LotSlice this[int index] => ref _slices[index];

    /// <summary>The rule "take" of LEDGER.md.</summary>
    /// <param name="account">0 = the wallet holds nothing of the asset.</param>
    /// <param name="named">For Specific: the lots' numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LedgerResult Take(int account, Int128 amount, SelectionStrategy strategy, ReadOnlySpan<ulong> named)
    {
        if (account == 0) return LedgerResult.InsufficientBalance;
        var row = _state.Accounts.Read(account);
        if ((strategy & ~SelectionStrategy.ExplicitFifo) == SelectionStrategy.Fifo && (row->Flags & (AccountFlags.Pooled | AccountFlags.HasBounds)) == 0 && row->FirstLot != 0)
        {
            var first = _state.Lots.Read(row->FirstLot);
            if (first->Available >= amount && (first->Flags & LotFlags.Expired) == 0)
            {
                _slices[0].Lot = row->FirstLot;
                _slices[0].Amount = amount;
                Count = 1;
                return LedgerResult.Accepted;
            }
        }

        return TakeAny(row, amount, strategy, named);
    }

    public void Dispose() => NativeMemory.AlignedFree(_slices);

    private LedgerResult TakeAny(AccountRow* row, Int128 amount, SelectionStrategy strategy, ReadOnlySpan<ulong> named)
    {
        Count = 0;
        var pooled = (row->Flags & AccountFlags.Pooled) != 0;
        if (strategy == SelectionStrategy.Specific)
        {
            var check = Order(row, named, pooled);
            if (check != LedgerResult.Accepted) return check;
        }

        if (pooled)
        {
            if (!CanPay(row, amount)) return LedgerResult.InsufficientBalance;
            if (!MayOverdraw(row, amount)) return LedgerResult.BalanceWouldOverflow;
            _slices[0] = new LotSlice { Lot = row->FirstLot, Amount = amount };
            Count = 1;
            return LedgerResult.Accepted;
        }

        var walk = strategy switch
        {
            SelectionStrategy.Fifo or SelectionStrategy.ExplicitFifo => WalkForward(row->FirstLot, amount),
            SelectionStrategy.Lifo => WalkBackward(row, amount),
            SelectionStrategy.ExpiringFirst => WalkOrder(OrderByExpiry(row), amount),
            SelectionStrategy.Specific => WalkOrder(named.Length, amount),
        };
        if (walk == LedgerResult.InsufficientBalance) return walk;
        return CanPay(row, amount) ? walk : LedgerResult.InsufficientBalance;
    }

    /// <summary>What lies above the floor covers the amount. Unsigned, because the distance may pass Int128.</summary>
    public bool CanPay(AccountRow* row, Int128 amount)
    {
        var floor = (row->Flags & AccountFlags.HasBounds) != 0 ? _state.Bounds.Read(row->Bounds)->Floor : (row->Flags & AccountFlags.System) != 0 ? -LedgerLimits.UnitsMax : 0;
        return row->Available >= floor && unchecked((UInt128)row->Available - (UInt128)floor) >= unchecked((UInt128)amount);
    }

    /// <summary>What brings the account below zero lies within its asset's headroom.</summary>
    public bool MayOverdraw(AccountRow* row, Int128 amount) => amount <= row->Available || amount - (row->Available > 0 ? row->Available : 0) <= _state.HeadroomOf(row->Asset);

    private LedgerResult WalkForward(int lot, Int128 amount)
    {
        var left = amount;
        var count = 0;
        while (lot != 0)
        {
            var row = _state.Lots.Read(lot);
            if (Step(row, lot, ref left, ref count)) return Done(count);
            lot = row->Next;
        }

        return LedgerResult.InsufficientBalance;
    }

    private LedgerResult WalkBackward(AccountRow* account, Int128 amount)
    {
        var left = amount;
        var count = 0;
        for (var lot = account->LastLot; lot != 0; lot = lot == account->FirstLot ? 0 : _state.Lots.Read(lot)->Previous)
        {
            if (Step(_state.Lots.Read(lot), lot, ref left, ref count)) return Done(count);
        }

        return LedgerResult.InsufficientBalance;
    }

    private LedgerResult WalkOrder(int entries, Int128 amount)
    {
        var left = amount;
        var count = 0;
        for (var i = 0; i < entries; i++)
        {
            var lot = _order[i].Lot;
            if (Step(_state.Lots.Read(lot), lot, ref left, ref count)) return Done(count);
        }

        return LedgerResult.InsufficientBalance;
    }

    /// <summary>Takes what the lot has; true when the amount is covered. Past the limit it only counts on: "too many" comes after "too little".</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Step(LotRow* row, int lot, ref Int128 left, ref int count)
    {
        if ((row->Flags & LotFlags.Expired) != 0 || row->Available <= 0) return false;
        var take = row->Available < left ? row->Available : left;
        if (count < LedgerLimits.LotSlicesMax) _slices[count] = new LotSlice { Lot = lot, Amount = take };
        count++;
        left -= take;
        return left == 0;
    }

    private LedgerResult Done(int count)
    {
        if (count > LedgerLimits.LotSlicesMax) return LedgerResult.TooManyLots;
        Count = count;
        return LedgerResult.Accepted;
    }

    /// <summary>The account's live lot of that number; 0 = none.</summary>
    public int Find(AccountRow* row, ulong number)
    {
        var lot = row->FirstLot;
        while (lot != 0 && _state.Lots.Read(lot)->Number != number) lot = _state.Lots.Read(lot)->Next;
        return lot;
    }

    private LedgerResult Order(AccountRow* row, ReadOnlySpan<ulong> named, bool pooled)
    {
        if (named.Length is 0 or > LedgerLimits.LotSlicesMax) return LedgerResult.LotNotFound;
        Room(named.Length);
        for (var i = 0; i < named.Length; i++)
        {
            var lot = Find(row, named[i]);
            if (lot == 0 || named[..i].Contains(named[i])) return LedgerResult.LotNotFound;
            var found = _state.Lots.Read(lot);
            if (!pooled && ((found->Flags & LotFlags.Expired) != 0 || found->Available <= 0)) return LedgerResult.LotNotAvailable;
            _order[i] = (0, i, lot);
        }

        return LedgerResult.Accepted;
    }

    private int OrderByExpiry(AccountRow* row)
    {
        Room(row->LotCount);
        var count = 0;
        for (var lot = row->FirstLot; lot != 0; lot = _state.Lots.Read(lot)->Next)
        {
            var expiry = _state.ExpiryOf(_state.Lots.Read(lot)->Terms);
            _order[count] = (expiry == 0 ? long.MaxValue : expiry, count, lot);
            count++;
        }

        _order.AsSpan(0, count).Sort();
        return count;
    }

    private void Room(int entries)
    {
        if (_order.Length < entries) _order = new (long, int, int)[entries * 2];
    }
}
