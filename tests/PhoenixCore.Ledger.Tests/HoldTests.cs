using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Reservations that are captured, released, incremented and extended in parts, told as stories.</summary>
public sealed unsafe class HoldTests : IDisposable
{
    private readonly Bookshop _books = new();

    public void Dispose() => _books.Dispose();

    [Fact]
    public void A_reservation_is_captured_in_three_parts_to_two_wallets_and_then_ends()
    {
        _books.Credit("ann", 100);
        var bet = _books.Reserve("ann", 60);
        _books.Accept(Part(bet, 10, "bob"));
        _books.Accept(Part(bet, 15, "pool"));
        Assert.Equal((35, 25, 0), Totals(bet));
        _books.Accept(Part(bet, 35, null));
        _books.Refuse(LedgerResult.ReservationNotActive, _books.Release(bet));
        Assert.Equal((40, 0, 10, 15), ((int)_books.Balance("ann").Available, (int)_books.Balance("ann").Reserved, (int)_books.Balance("bob").Available, (int)_books.Balance("pool").Available));
    }

    [Fact]
    public void What_is_released_in_part_goes_back_from_the_last_lot_taken()
    {
        _books.Credit("ann", 10);
        _books.Credit("ann", 10);
        var bet = _books.Reserve("ann", 20);
        var release = _books.Release(bet);
        release->Flags |= CommandFlags.HasAmount;
        release->Amount = 21;
        _books.Refuse(LedgerResult.ReleaseExceedsReservation, release);
        release->Amount = 0;
        _books.Refuse(LedgerResult.InvalidAmount, release);
        release->Amount = 12;
        _books.Accept(release);
        Assert.Equal([2, 10], _books.Lots("ann").Select(lot => (int)lot.Available));
        Assert.Equal((8, 0, 12), Totals(bet));
    }

    [Fact]
    public void A_lot_held_twice_by_one_reservation_is_depleted_once()
    {
        _books.Credit("ann", 20);
        var bet = _books.Reserve("ann", 5);
        _books.Accept(Increment(bet, 15));
        _books.Accept(_books.Commit(bet, 0, "bob"));
        Assert.Empty(_books.Lots("ann"));
        Assert.Equal(4 + 1, EventsOfLastFact()); // wallet.debited, wallet.credited, reservation.committed, lot.created, and lot.depleted once
    }

    [Fact]
    public void A_reservation_holds_1024_slices_and_not_one_more()
    {
        for (var i = 0; i < 1_025; i++) _books.Rig.Execute(_books.Of(CommandKind.CreateCredit, "ann", 1), _books.Now);
        var bet = _books.Reserve("ann", 1_000);
        _books.Refuse(LedgerResult.TooManyLots, Increment(bet, 25));
        _books.Accept(Increment(bet, 24));
        _books.Accept(Part(bet, 1_023, "bob"));
        _books.Accept(Increment(bet, 1));
        Assert.Equal((2, 1_023, 0), Totals(bet));
    }

    /// <summary>The same money can be released and held again; what the totals count is bounded all the same, or the end of the reservation would overflow.</summary>
    [Fact]
    public void What_a_reservation_ever_held_stays_below_10_to_the_38th()
    {
        var all = LedgerLimits.UnitsMax - 10;
        _books.Credit("ann", all);
        var bet = _books.Reserve("ann", all);
        var part = _books.Release(bet);
        part->Flags |= CommandFlags.HasAmount;
        part->Amount = all - 100;
        _books.Accept(part);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, Increment(bet, 11));
        _books.Accept(Increment(bet, 10));
        _books.Accept(_books.Release(bet));
        Assert.Equal((all, (Int128)0), (_books.Balance("ann").Available, _books.Balance("ann").Reserved));
    }

    [Fact]
    public void An_extended_reservation_expires_at_its_new_time_and_not_at_its_old_one()
    {
        _books.Credit("ann", 10);
        var first = _books.Reserve("ann", 4, expiresAt: 2_000);
        var second = _books.Reserve("ann", 3, expiresAt: 3_000);
        _books.Refuse(LedgerResult.ExpiryInPast, Extend(first, 1_000));
        _books.Refuse(LedgerResult.ExpiryTooFar, Extend(first, 1_001 + LedgerLimits.ReservationTtlMax));
        _books.Accept(Extend(first, 4_000));
        _books.Now = 3_000;
        Assert.Equal((6, 4), ((int)_books.Balance("ann").Available, (int)_books.Balance("ann").Reserved));
        _books.Refuse(LedgerResult.ReservationExpired, _books.Release(second));
        _books.Now = 4_000;
        Assert.Equal((10, 0), ((int)_books.Balance("ann").Available, (int)_books.Balance("ann").Reserved));
    }

    [Fact]
    public void The_end_of_a_changed_reservation_carries_its_totals()
    {
        _books.Credit("ann", 50);
        var bet = _books.Reserve("ann", 50, expiresAt: 2_000);
        _books.Accept(Part(bet, 20, "bob"));
        _books.Now = 2_000;
        Assert.Equal(30, _books.Balance("ann").Available);
        fixed (byte* payload = _books.LastFact.Bytes)
        {
            var part = new FactParts(payload).First;
            Assert.Equal(PartKind.ChangedReservationExpired, part.Kind);
            var body = part.Body<ReservationChangedBody>();
            Assert.Equal((0, 20, 30), ((int)body.Held, (int)body.Captured, (int)body.Released));
        }
    }

    [Fact]
    public void More_than_is_held_cannot_be_captured_without_a_policy_nor_in_part()
    {
        _books.Credit("ann", 50);
        var bet = _books.Reserve("ann", 10);
        _books.Refuse(LedgerResult.CaptureExceedsReservation, _books.Commit(bet, 11, "bob"));
        _books.Refuse(LedgerResult.CaptureExceedsReservation, Part(bet, 11, "bob"));
    }

    [Fact]
    public void All_slices_arrive_in_one_new_lot_where_terms_are_given()
    {
        _books.Credit("ann", 5, expiresAt: 5_000);
        _books.Credit("ann", 5);
        _books.Credit("bob", 1);
        var transfer = _books.Transfer("ann", "bob", 8);
        transfer->Flags |= CommandFlags.HasTerms;
        transfer->ExpiresAt = 1_000;
        _books.Refuse(LedgerResult.ExpiryInPast, transfer);
        transfer->ExpiresAt = 9_000;
        _books.Accept(transfer);
        var lots = _books.Lots("bob");
        Assert.Equal([(1, 0L), (8, 9_000L)], lots.Select(lot => ((int)lot.Available, lot.ExpiresAt)));

        var toPool = _books.Transfer("ann", "pool", 1);
        toPool->Flags |= CommandFlags.HasTerms;
        _books.Refuse(LedgerResult.PooledTerms, toPool);
    }

    private Command* Part(ulong reservation, Int128 amount, string? to)
    {
        var command = _books.Commit(reservation, amount, to);
        command->Flags |= CommandFlags.KeepRest;
        return command;
    }

    private Command* Increment(ulong reservation, Int128 amount)
    {
        var command = _books.New(CommandKind.IncrementReservation);
        command->Subject = reservation;
        command->Amount = amount;
        return command;
    }

    private Command* Extend(ulong reservation, long expiresAt)
    {
        var command = _books.New(CommandKind.ExtendReservation);
        command->Subject = reservation;
        command->ExpiresAt = expiresAt;
        return command;
    }

    private (int Held, int Captured, int Released) Totals(ulong reservation)
    {
        var question = _books.New(CommandKind.ReadReservation);
        question->Subject = reservation;
        Assert.Equal(LedgerResult.Accepted, _books.Rig.Read(question, _books.Now, out var answer));
        var view = MemoryMarshal.Read<ReservationView>(answer);
        return ((int)view.Amount, (int)view.Captured, (int)view.Released);
    }

    private int EventsOfLastFact()
    {
        fixed (byte* payload = _books.LastFact.Bytes) return new FactParts(payload).Header->Events;
    }
}
