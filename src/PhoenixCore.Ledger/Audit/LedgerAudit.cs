using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Audit;

/// <summary>Proves the books from the rows alone. Slow by nature: for tests, tools and shadows.</summary>
internal static unsafe class LedgerAudit
{
    /// <summary>Of lots and reservations together: more would hold up the writer.</summary>
    private const int LookedThroughMax = 256;

    /// <summary>Null when everything holds; else the first thing that does not.</summary>
    public static string? FindFault(LedgerState state)
    {
        var totals = new Int128[state.Assets.End];
        var overdrawn = new Int128[state.Assets.End];
        var lots = 0;
        var reservations = 0;
        for (var handle = 1; handle < state.Accounts.End; handle++)
        {
            var account = state.Accounts.Read(handle);
            totals[account->Asset] = unchecked(totals[account->Asset] + account->Available + account->Reserved); // two accounts may pass Int128 before others bring the sum back
            if (account->Available < 0 && (account->Flags & AccountFlags.System) == 0) overdrawn[account->Asset] -= account->Available;
            var fault = FaultOfLots(state, handle, account, ref lots) ?? FaultOfReservations(state, handle, account, ref reservations) ?? FaultOfSigns(state, handle, account);
            if (fault != null) return fault;
        }

        for (var asset = 1; asset < totals.Length; asset++)
        {
            if (totals[asset] != 0) return $"asset {asset}: the sum over all accounts is {totals[asset]}, not zero";
            if (overdrawn[asset] != state.Assets.Read(asset)->Overdrawn) return $"asset {asset}: {overdrawn[asset]} is overdrawn, noted {state.Assets.Read(asset)->Overdrawn}";
            if (state.HeadroomOf(asset) < 0) return $"asset {asset}: more is positive than the bound";
        }

        if (lots != state.Lots.Live) return $"{state.Lots.Live} lots are in use but {lots} belong to accounts";
        return reservations == state.Reservations.Live ? null : $"{state.Reservations.Live} reservations are in use but {reservations} belong to accounts";
    }

    /// <summary>One account, for whoever compares it with another copy of the books. Lots and reservations are added up when there are few.</summary>
    public static AccountAuditView Look(LedgerState state, int handle)
    {
        var account = state.Accounts.Read(handle);
        var (lots, reservations) = (0, 0);
        var isSmall = account->LotCount + account->ReservationCount <= LookedThroughMax;
        return new AccountAuditView
        {
            Available = account->Available,
            Reserved = account->Reserved,
            Wallet = account->Wallet,
            Tenant = state.Wallets.Read(account->WalletHandle)->Tenant,
            Asset = account->Asset,
            IsWhole = !isSmall || (FaultOfLots(state, handle, account, ref lots) ?? FaultOfReservations(state, handle, account, ref reservations)) == null,
        };
    }

    private static string? FaultOfLots(LedgerState state, int handle, AccountRow* account, ref int lots)
    {
        Int128 available = 0, reserved = 0;
        var count = 0;
        ulong last = 0;
        for (var lot = account->FirstLot; lot != 0; lot = state.Lots.Read(lot)->Next)
        {
            var row = state.Lots.Read(lot);
            available += row->Available;
            reserved += row->Reserved;
            count++;
            if (row->Account != handle) return $"lot {row->Number}: stands in the list of account {handle} but belongs to {row->Account}";
            if (row->Number <= last) return $"account {handle}: lot {row->Number} is not in order of creation";
            last = row->Number;
            var pooled = (row->Flags & LotFlags.Pooled) != 0;
            if (!pooled && (row->Available < 0 || row->Reserved < 0 || row->Available + row->Reserved > row->Initial)) return $"lot {row->Number}: available {row->Available}, reserved {row->Reserved}, initial {row->Initial}";
            if (row->Wagering < 0 || (row->Wagering > 0 && row->Terms == 0)) return $"lot {row->Number}: {row->Wagering} to be wagered";
            for (var counter = row->Counters; counter != 0; counter = state.Counters.Read(counter)->NextOfLot)
            {
                if (state.Counters.Read(counter)->Owner != row->Number) return $"lot {row->Number}: a counter of {state.Counters.Read(counter)->Owner}";
            }

            if (!pooled && row->Available + row->Reserved == 0) return $"lot {row->Number} is depleted but still kept";
        }

        lots += count;
        if (count != account->LotCount) return $"account {handle}: {count} lots, counted {account->LotCount}";
        return available == account->Available && reserved == account->Reserved
            ? null
            : $"account {handle}: available {account->Available} and reserved {account->Reserved}, its lots {available} and {reserved}";
    }

    private static string? FaultOfReservations(LedgerState state, int handle, AccountRow* account, ref int reservations)
    {
        Int128 held = 0;
        var count = 0;
        long last = 0;
        var lastNumber = 0UL;
        for (var reservation = account->FirstReservation; reservation != 0; reservation = state.Reservations.Read(reservation)->Next)
        {
            var row = state.Reservations.Read(reservation);
            Int128 slices = 0;
            var sliceCount = 0;
            for (var slice = &row->First; ; slice = state.Slices.Read(slice->Next))
            {
                slices += slice->Amount;
                sliceCount++;
                if (slice->Next == 0) break;
            }

            if (slices != row->Amount) return $"reservation {row->Number}: holds {row->Amount}, its slices {slices}";
            if (sliceCount != row->SliceCount) return $"reservation {row->Number}: {sliceCount} slices, counted {row->SliceCount}";
            if (row->ExpiresAt < last || (row->ExpiresAt == last && row->Number < lastNumber)) return $"account {handle}: reservation {row->Number} is not in order of expiry";
            (last, lastNumber) = (row->ExpiresAt, row->Number);
            held += row->Amount;
            count++;
        }

        reservations += count;
        return held == account->Reserved ? null : $"account {handle}: reserved {account->Reserved}, its reservations {held}";
    }

    private static string? FaultOfSigns(LedgerState state, int handle, AccountRow* account)
    {
        var pooled = (account->Flags & AccountFlags.Pooled) != 0;
        return account->Reserved < 0 || (account->Available < 0 && !pooled) ? $"account {handle}: available {account->Available}, reserved {account->Reserved}" : null;
    }
}
