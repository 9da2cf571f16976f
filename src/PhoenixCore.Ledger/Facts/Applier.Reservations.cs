using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Timers;

namespace PhoenixCore.Ledger.Facts;

internal sealed unsafe partial class Applier
{
    private void AddReservation(PartHeader* part, ReservedBody* body, in FactContext context)
    {
        var handle = _state.Reservations.Allocate();
        Invariant.That(handle == body->Handle);
        var row = _state.Reservations.Write(handle);
        row->Number = body->Number;
        row->Wallet = body->Wallet;
        row->Account = body->Account;
        row->Amount = body->Amount;
        row->ExpiresAt = body->ExpiresAt;
        row->Tenant = context.Tenant;
        row->CreatedAt = context.Stamp;
        row->SliceCount = part->Postings;

        var posting = (Posting*)((byte*)body + sizeof(ReservedBody));
        var slice = &row->First;
        for (var i = 0; i < part->Postings; i++)
        {
            if (i > 0)
            {
                slice->Next = _state.Slices.Allocate();
                slice = _state.Slices.Write(slice->Next);
            }

            slice->Lot = posting->DebitLotHandle;
            slice->Amount = posting->Amount;
            posting = unchecked(posting + 1);
        }

        row->Timer = _state.Timers.Set(TimerOwner.Reservation, handle, body->ExpiresAt);
        _state.AddReservation(body->Number, handle);
        Link(handle, row);
        Expect(body->Account, body->ExpiresAt);
    }

    /// <summary>Keeps an account's reservations in order of expiry and number; with equal times to live a new one belongs at the end.</summary>
    private void Link(int handle, ReservationRow* row)
    {
        var account = _state.Accounts.Write(row->Account);
        var before = account->LastReservation;
        while (before != 0 && ComesAfter(_state.Reservations.Read(before), row)) before = _state.Reservations.Read(before)->Previous;

        row->Previous = before;
        if (before != 0)
        {
            var previous = _state.Reservations.Write(before);
            row->Next = previous->Next;
            previous->Next = handle;
        }
        else
        {
            row->Next = account->FirstReservation;
            account->FirstReservation = handle;
        }

        if (row->Next != 0) _state.Reservations.Write(row->Next)->Previous = handle;
        else account->LastReservation = handle;
        account->ReservationCount++;
    }

    private static bool ComesAfter(ReservationRow* other, ReservationRow* row) =>
        other->ExpiresAt > row->ExpiresAt || (other->ExpiresAt == row->ExpiresAt && other->Number > row->Number);

    private void Unlink(ReservationRow* row)
    {
        var account = _state.Accounts.Write(row->Account);
        if (row->Previous != 0) _state.Reservations.Write(row->Previous)->Next = row->Next;
        else account->FirstReservation = row->Next;
        if (row->Next != 0) _state.Reservations.Write(row->Next)->Previous = row->Previous;
        else account->LastReservation = row->Previous;
        account->ReservationCount--;
    }

    private void EndReservation(PartKind kind, ReservationEndedBody* body, in FactContext context)
    {
        Invariant.That(_state.Reservations.Read(body->Handle)->Amount == body->Captured + body->Returned);
        var status = kind switch
        {
            PartKind.Committed => ReservationStatus.Committed,
            PartKind.Released => ReservationStatus.Released,
            _ => ReservationStatus.Expired,
        };
        EndReservation(body->Handle, body->Number, status, context);
    }

    private void EndReservation(int handle, ulong number, ReservationStatus status, in FactContext context)
    {
        var row = _state.Reservations.Write(handle);
        Invariant.That(row->Number == number);
        Unlink(row);
        for (var slice = row->First.Next; slice != 0;)
        {
            var next = _state.Slices.Read(slice)->Next;
            _state.Slices.Free(slice);
            slice = next;
        }

        if (row->Memo != 0) _state.Blobs.Free(row->Memo);
        _state.Timers.Cancel(row->Timer);
        if (row->Totals != 0) _state.Totals.Free(row->Totals);
        _state.FinishReservation(number, handle, context.Tenant, status);
        _state.Reservations.Free(handle);
    }

    private void ExpireLot(PartHeader* part, LotExpiredBody* body, in FactContext context, int entryOrdinal)
    {
        var lot = _state.Lots.Write(body->Handle);
        Invariant.That(lot->Number == body->Number);
        lot->Flags |= LotFlags.Expired;
        if (lot->Timer != 0) _state.Timers.Cancel(lot->Timer);
        lot->Timer = 0;
        ApplyPostings(part, (Posting*)((byte*)body + sizeof(LotExpiredBody)), context, entryOrdinal, Inherit);
    }
}
