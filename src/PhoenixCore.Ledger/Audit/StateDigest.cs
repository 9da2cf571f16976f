using System.Numerics;
using PhoenixCore.Ledger.Keys;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Audit;

/// <summary>A 128-bit fingerprint of everything that replay must repeat. Two states with the same facts behind them have the same one on every machine.</summary>
/// <remarks>Computed on demand over the rows, not kept up to date with every fact: keeping it cost more than a tenth of the apply rate (ADR 0003). Not cryptographic: the journal's chain is.</remarks>
internal unsafe struct StateDigest
{
    private ulong _a;
    private ulong _b;

    public static UInt128 Of(LedgerState state)
    {
        var digest = new StateDigest { _a = 0x9E3779B97F4A7C15, _b = 0xC2B2AE3D27D4EB4F };
        digest.Add(state.Scalars->Sequence);
        digest.Add((ulong)state.Scalars->Stamp);
        digest.Add(state.Scalars->FinishedCount);
        digest.AddRows(state.Tenants);
        digest.AddRows(state.Assets);
        digest.AddRows(state.Wallets);
        digest.AddRows(state.Memos);
        digest.AddRows(state.Policies);
        digest.AddRows(state.Bindings);
        digest.AddRows(state.Counters);
        for (var version = 1; version < state.PolicyVersions.End; version++) digest.AddVersion(state, version);
        for (var account = 1; account < state.Accounts.End; account++) digest.AddAccount(state, account);
        var finished = (int)Math.Min(state.Scalars->FinishedCount, LedgerState.FinishedMax);
        for (var i = 0; i < finished; i++) digest.AddBytes((ulong*)state.Finished(i), sizeof(FinishedRow));
        return digest.AddKeys(state.Keys);
    }

    private void AddAccount(LedgerState state, int handle)
    {
        var account = *state.Accounts.Read(handle);
        account.NextDue = 0; // a hint
        account.Flags &= ~AccountFlags.MayExpire;
        account.Bounds = account.Bounds != 0 ? 1 : 0;
        AddBytes((ulong*)&account, AccountRow.OwnLotOffset); // its own lot follows with the others
        if (account.Bounds != 0) AddBytes((ulong*)state.Bounds.Read(state.Accounts.Read(handle)->Bounds), sizeof(BoundsRow));
        for (var lot = account.FirstLot; lot != 0; lot = state.Lots.Read(lot)->Next)
        {
            var row = *state.Lots.Read(lot);
            row.Timer = 0;
            row.Terms = 0;
            row.Previous = 0; // the order says it
            AddBytes((ulong*)&row, sizeof(LotRow));
            if (state.Lots.Read(lot)->Terms is var terms and not 0) AddTerms(state, terms);
        }

        for (var reservation = account.FirstReservation; reservation != 0; reservation = state.Reservations.Read(reservation)->Next) AddReservation(state, reservation);
    }

    private void AddReservation(LedgerState state, int handle)
    {
        var row = *state.Reservations.Read(handle);
        row.Timer = 0;
        row.Memo = 0;
        AddBlob(state, state.Reservations.Read(handle)->Memo);
        row.First.Next = 0;
        row.Totals = 0;
        AddBytes((ulong*)&row, sizeof(ReservationRow));
        if (state.Reservations.Read(handle)->Totals is var totals and not 0) AddBytes((ulong*)state.Totals.Read(totals), sizeof(TotalsRow));
        for (var slice = state.Reservations.Read(handle)->First.Next; slice != 0; slice = state.Slices.Read(slice)->Next)
        {
            var part = *state.Slices.Read(slice);
            part.Next = 0;
            AddBytes((ulong*)&part, sizeof(SliceRow));
        }
    }

    private void AddTerms(LedgerState state, int handle)
    {
        var row = *state.Terms.Read(handle);
        AddBlob(state, row.Attributes);
        AddBlob(state, row.Restrictions);
        (row.Attributes, row.Restrictions) = (0, 0);
        AddBytes((ulong*)&row, sizeof(TermsRow));
    }

    private void AddVersion(LedgerState state, int handle)
    {
        var row = *state.PolicyVersions.Read(handle);
        AddBlob(state, row.Program);
        row.Program = 0;
        AddBytes((ulong*)&row, sizeof(PolicyVersionRow));
    }

    private void AddBlob(LedgerState state, int handle)
    {
        var bytes = state.Blobs.Read(handle);
        var length = state.Blobs.LengthOf(handle);
        Add((ulong)length);
        for (var i = 0; i < length; i++) Add(bytes[i]);
    }

    private UInt128 AddKeys(KeyTable keys)
    {
        var inner = this;
        keys.Visit(entry => inner.AddBytes((ulong*)entry, sizeof(KeyEntry)));
        return new UInt128(inner._a, inner._b);
    }

    private void AddRows<T>(RowPool<T> rows)
        where T : unmanaged
    {
        for (var handle = 1; handle < rows.End; handle++) AddBytes((ulong*)rows.Read(handle), sizeof(T));
    }

    private void AddBytes(ulong* words, int bytes)
    {
        for (var i = 0; i < bytes / 8; i++) Add(words[i]);
    }

    private void Add(ulong word)
    {
        unchecked
        {
            _a = BitOperations.RotateLeft((_a ^ word) * 0x9FB21C651E98DF25, 29);
            _b = (BitOperations.RotateLeft(_b, 23) + word) * 0xD6E8FEB86659FD93;
        }
    }
}
