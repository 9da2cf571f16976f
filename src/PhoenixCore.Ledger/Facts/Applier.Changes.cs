using System.Runtime.InteropServices;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Timers;

namespace PhoenixCore.Ledger.Facts;

internal sealed unsafe partial class Applier
{
    /// <summary>The parts that change what is there: reservations, lots, reversals.</summary>
    private void ApplyChange(PartHeader* part, byte* body, in FactContext context, int entryOrdinal)
    {
        switch (part->Kind)
        {
            case PartKind.ReservationIncremented:
                ApplyPostings(part, (Posting*)(body + sizeof(ReservationChangedBody)), context, entryOrdinal, Inherit);
                Increment(part, (ReservationChangedBody*)body);
                break;
            case PartKind.ReservationExtended:
                Extend((ReservationChangedBody*)body);
                break;
            case PartKind.Captured:
                Capture(part, (CapturedBody*)body, context, entryOrdinal);
                break;
            case PartKind.Returned:
            case PartKind.ChangedReservationExpired:
                ApplyPostings(part, (Posting*)(body + sizeof(ReservationChangedBody)), context, entryOrdinal, Inherit);
                GiveBack(part->Kind, (ReservationChangedBody*)body, context);
                break;
            case PartKind.LotUpdated:
                UpdateLot(part, (LotUpdatedBody*)body, context);
                break;
            case PartKind.CreditReversed:
                ApplyPostings(part, (Posting*)(body + sizeof(ReversedBody)), context, entryOrdinal, Inherit);
                NoteReversal((ReversedBody*)body);
                break;
            case PartKind.TransferReversed:
                ReverseTransfer(part, (ReversedBody*)body, context, entryOrdinal);
                NoteReversal((ReversedBody*)body);
                break;
            case PartKind.LotExpiryRepeated:
                break;
            default:
                throw new InvariantBrokenException($"a fact has a part of unknown kind {(int)part->Kind}: it was written by a newer version");
        }
    }

    private ReservationRow* Changing(ReservationChangedBody* body, out TotalsRow* totals)
    {
        var row = _state.Reservations.Write(body->Handle);
        Invariant.That(row->Number == body->Number);
        if (row->Totals == 0)
        {
            row->Totals = _state.Totals.Allocate();
            _state.Totals.Write(row->Totals)->First = row->Amount;
        }

        totals = _state.Totals.Write(row->Totals);
        return row;
    }

    private void Increment(PartHeader* part, ReservationChangedBody* body)
    {
        var row = Changing(body, out _);
        var last = 0;
        for (var slice = row->First.Next; slice != 0; slice = _state.Slices.Read(slice)->Next) last = slice;
        var tail = last == 0 ? &row->First : _state.Slices.Write(last);
        var posting = (Posting*)((byte*)body + sizeof(ReservationChangedBody));
        for (var i = 0; i < part->Postings; i++)
        {
            tail->Next = _state.Slices.Allocate();
            tail = _state.Slices.Write(tail->Next);
            tail->Lot = posting->DebitLotHandle;
            tail->Amount = posting->Amount;
            posting = unchecked(posting + 1);
        }

        row->SliceCount += part->Postings;
        row->Amount += body->Amount;
        Invariant.That(row->Amount == body->Held);
    }

    private void Extend(ReservationChangedBody* body)
    {
        var row = _state.Reservations.Write(body->Handle);
        Invariant.That(row->Number == body->Number);
        Unlink(row);
        _state.Timers.Cancel(row->Timer);
        row->ExpiresAt = body->ExpiresAt;
        row->Timer = _state.Timers.Set(TimerOwner.Reservation, body->Handle, body->ExpiresAt);
        Link(body->Handle, row);
        Expect(row->Account, body->ExpiresAt);
    }

    private void Capture(PartHeader* part, CapturedBody* body, in FactContext context, int entryOrdinal)
    {
        var postings = (Posting*)((byte*)body + sizeof(CapturedBody));
        var terms = body->HasTerms != 0 ? InternTerms(part, &body->Terms, postings->CreditLot, context) : Inherit;
        ApplyPostings(part, postings, context, entryOrdinal, terms);
        if (body->Change.Held != 0)
        {
            TrimFront(&body->Change);
            return;
        }

        Invariant.That(_state.Reservations.Read(body->Change.Handle)->Amount == body->Change.Amount - body->Taken + body->Returned);
        EndReservation(body->Change.Handle, body->Change.Number, ReservationStatus.Committed, context);
    }

    /// <summary>The first slices are gone.</summary>
    private void TrimFront(ReservationChangedBody* body)
    {
        var row = Changing(body, out var totals);
        totals->Captured += body->Amount;
        row->Amount -= body->Amount;
        var left = body->Amount;
        while (left >= row->First.Amount)
        {
            left -= row->First.Amount;
            var next = row->First.Next;
            Invariant.That(next != 0);
            row->First = *_state.Slices.Read(next);
            _state.Slices.Free(next);
            row->SliceCount--;
        }

        row->First.Amount -= left;
        Invariant.That(row->Amount == body->Held && totals->Captured == body->Captured);
    }

    private void GiveBack(PartKind kind, ReservationChangedBody* body, in FactContext context)
    {
        if (body->Held != 0)
        {
            TrimBack(body);
            return;
        }

        Invariant.That(_state.Reservations.Read(body->Handle)->Amount == body->Amount);
        EndReservation(body->Handle, body->Number, kind == PartKind.Returned ? ReservationStatus.Released : ReservationStatus.Expired, context);
    }

    /// <summary>The last slices are gone.</summary>
    private void TrimBack(ReservationChangedBody* body)
    {
        var row = Changing(body, out var totals);
        totals->Released += body->Amount;
        row->Amount -= body->Amount;
        var kept = row->Amount;
        var slice = &row->First;
        var count = 1;
        while (slice->Amount < kept)
        {
            kept -= slice->Amount;
            slice = _state.Slices.Write(slice->Next);
            count++;
        }

        var gone = slice->Next;
        slice->Amount = kept;
        slice->Next = 0;
        while (gone != 0)
        {
            var next = _state.Slices.Read(gone)->Next;
            _state.Slices.Free(gone);
            gone = next;
        }

        row->SliceCount = count;
        Invariant.That(row->Amount == body->Held && totals->Released == body->Released);
    }

    private void UpdateLot(PartHeader* part, LotUpdatedBody* body, in FactContext context)
    {
        var lot = _state.Lots.Write(body->Handle);
        Invariant.That(lot->Number == body->Number);
        var terms = InternChangedTerms(part, body, lot->Terms, context);
        if (terms != lot->Terms)
        {
            if (lot->Terms != 0) ForgetTerms(lot);
            lot->Timer = 0;
            lot->Terms = 0;
            if (terms != 0) HoldTerms(body->Handle, terms);
        }

        Memo(body->Number, MemoKind.LotChange)->Changed = context.Sequence;
    }

    private void NoteReversal(ReversedBody* body)
    {
        var memo = Memo(body->Original, MemoKind.Reversal);
        memo->Reversed += body->Amount;
        Invariant.That(memo->Reversed == body->Total);
    }

    private void ReverseTransfer(PartHeader* part, ReversedBody* body, in FactContext context, int entryOrdinal)
    {
        var extras = new FactPart(part).Extras;
        var posting = (Posting*)((byte*)body + sizeof(ReversedBody));
        var isGiven = Extras.TryTake(ref extras, out ReturnedTerms given);
        _depleted = 0;
        for (var i = 0; i < part->Postings; i++)
        {
            var isOwn = isGiven && given.Posting == i;
            ReadOnlySpan<byte> lot = default;
            if (isOwn) Extras.TryTakeLot(ref extras, out lot);
            ApplyPosting(part->Kind, posting, context, entryOrdinal, isOwn ? InternReturnedTerms(&given.Terms, given.Source, lot, context) : 0);
            if (!lot.IsEmpty) _state.Lots.Write(posting->CreditLotHandle)->Wagering = MemoryMarshal.Read<ReturnedLot>(lot).Wagering;
            if (isOwn) isGiven = Extras.TryTake(ref extras, out given);
            posting = unchecked(posting + 1);
            entryOrdinal += 2;
        }

        FreeDepleted();
    }

    private MemoRow* Memo(ulong number, MemoKind kind)
    {
        var handle = _state.FindMemo(number, kind);
        if (handle != 0) return _state.Memos.Write(handle);
        handle = _state.Memos.Allocate();
        var row = _state.Memos.Write(handle);
        row->Number = number;
        row->Kind = kind;
        _state.MemoIndex.Insert(LedgerState.MemoHash(number, kind), handle);
        return row;
    }
}
