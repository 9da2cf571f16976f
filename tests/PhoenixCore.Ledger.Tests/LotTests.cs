using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Lots, reservations and their expiry, told as stories.</summary>
public sealed unsafe class LotTests : IDisposable
{
    private static readonly Int128 Max = LedgerLimits.UnitsMax;

    private readonly Bookshop _books = new();

    public void Dispose() => _books.Dispose();

    [Theory]
    [InlineData(SelectionStrategy.Fifo)]
    [InlineData(SelectionStrategy.Lifo)]
    [InlineData(SelectionStrategy.ExpiringFirst)]
    public void A_transfer_takes_1024_slices_and_not_one_more(SelectionStrategy strategy)
    {
        for (var i = 0; i < 1_025; i++) _books.Rig.Execute(_books.Of(CommandKind.CreateCredit, "ann", 1), _books.Now);

        var all = _books.Transfer("ann", "bob", 1_025);
        all->Strategy = strategy;
        _books.Refuse(LedgerResult.TooManyLots, all);
        var tooMuch = _books.Transfer("ann", "bob", 1_026);
        tooMuch->Strategy = strategy;
        _books.Refuse(LedgerResult.InsufficientBalance, tooMuch);
        var most = _books.Transfer("ann", "bob", 1_024);
        most->Strategy = strategy;
        _books.Accept(most);
        Assert.Equal((1, 1_024), ((int)_books.Balance("ann").Available, (int)_books.Balance("bob").Available));
        Assert.Single(_books.Lots("bob"));
    }

    [Fact]
    public void Totals_stop_at_their_bound_and_never_pass_it()
    {
        _books.Refuse(LedgerResult.InvalidAmount, _books.Of(CommandKind.CreateCredit, "ann", Max + 1));
        _books.Credit("ann", Max);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Of(CommandKind.CreateCredit, "ann", 1));
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Of(CommandKind.CreateCredit, "bob", 1)); // liability is at its bound

        for (var turn = 0; turn < 3; turn++)
        {
            _books.Accept(_books.Transfer("ann", "bob", Max));
            _books.Accept(_books.Transfer("bob", "ann", Max));
        }

        Assert.Equal(Max, _books.View("ann")!.Value.Lifetime);
        Assert.Equal(Max, _books.Lots("ann")[0].Initial);
    }

    [Fact]
    public void What_is_reserved_leaves_no_room_for_more_than_the_bound()
    {
        _books.Credit("ann", Max - 5);
        _books.Reserve("ann", Max - 5);
        _books.Bounds("pool", floor: -Max, ceiling: null);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Transfer("pool", "ann", 6));
        _books.Accept(_books.Transfer("pool", "ann", 5));
    }

    [Fact]
    public void At_the_stamp_of_expiry_only_the_expiry_wins()
    {
        _books.Credit("ann", 10);
        var captured = _books.Reserve("ann", 1, expiresAt: 2_000);
        var released = _books.Reserve("ann", 2, expiresAt: 2_000);
        var expired = _books.Reserve("ann", 3, expiresAt: 2_000);

        _books.Now = 1_999;
        _books.Accept(_books.Commit(captured, 0, "bob"));
        _books.Accept(_books.Release(released));
        _books.Now = 2_000;
        Assert.Equal(LedgerResult.ReservationExpired, _books.Run(_books.Commit(expired, 0, "bob")).Result);
        _books.Refuse(LedgerResult.ReservationExpired, _books.Release(expired));
        _books.Refuse(LedgerResult.ReservationNotActive, _books.Commit(captured, 0, "bob"));
        _books.Refuse(LedgerResult.ReservationNotActive, _books.Release(released));
        Assert.Equal((9, 0), ((int)_books.Balance("ann").Available, (int)_books.Balance("ann").Reserved));
    }

    [Fact]
    public void A_lot_that_expires_while_it_is_held_can_still_be_captured()
    {
        _books.Credit("ann", 10, expiresAt: 2_000);
        var reservation = _books.Reserve("ann", 6, expiresAt: 9_000);
        _books.Now = 3_000;
        Assert.Equal((0, 6), ((int)_books.Balance("ann").Available, (int)_books.Balance("ann").Reserved));
        Assert.True(Assert.Single(_books.Lots("ann")).Expired);

        _books.Accept(_books.Commit(reservation, 4, "pool"));
        Assert.Equal((4, 6, 0), ((int)_books.Balance("pool").Available, (int)_books.Balance("system:breakage").Available, (int)_books.Balance("ann").Reserved));
        Assert.Empty(_books.Lots("ann"));
    }

    [Fact]
    public void A_release_after_the_lot_has_expired_forfeits_to_breakage()
    {
        _books.Credit("ann", 10, expiresAt: 2_000);
        var reservation = _books.Reserve("ann", 6, expiresAt: 9_000);
        _books.Now = 3_000;
        _books.Accept(_books.Release(reservation));
        Assert.Equal((0, 0), ((int)_books.Balance("ann").Available, (int)_books.Balance("ann").Reserved));
        Assert.Equal(10, _books.Balance("system:breakage").Available);
    }

    [Fact]
    public void Slices_of_several_expired_lots_add_up_in_breakage_s_running_balance()
    {
        _books.Credit("ann", 1, expiresAt: 2_000);
        _books.Credit("ann", 2, expiresAt: 2_001);
        _books.Credit("ann", 4);
        _books.Credit("ann", 8, expiresAt: 2_002);
        var reservation = _books.Reserve("ann", 15, expiresAt: 9_000);
        _books.Now = 3_000;
        _books.Balance("ann");
        _books.Accept(_books.Release(reservation));

        fixed (byte* payload = _books.LastFact.Bytes)
        {
            var postings = new FactParts(payload).First.Postings;
            Assert.Equal((14, 12, 8, 0), ((int)postings[0].DebitAfter, (int)postings[1].DebitAfter, (int)postings[2].DebitAfter, (int)postings[3].DebitAfter));
            Assert.Equal((1, 3, 4, 11), ((int)postings[0].CreditAfter, (int)postings[1].CreditAfter, (int)postings[2].CreditAfter, (int)postings[3].CreditAfter));
        }

        Assert.Equal((4, 11), ((int)_books.Balance("ann").Available, (int)_books.Balance("system:breakage").Available));
    }

    [Fact]
    public void A_reservation_outlives_the_lot_that_the_account_was_waiting_for()
    {
        _books.Credit("ann", 10, expiresAt: 2_000);
        var reservation = _books.Reserve("ann", 10, expiresAt: 4_000);
        _books.Now = 3_000;
        Assert.Equal(10, _books.Balance("ann").Reserved);
        _books.Now = 4_000;
        Assert.Equal(LedgerResult.ReservationExpired, _books.Run(_books.Commit(reservation, 0, "bob")).Result);
        Assert.Equal(10, _books.Balance("system:breakage").Available);
    }

    [Fact]
    public void A_floor_alone_sets_no_limit_above()
    {
        _books.Bounds("pool", floor: -10, ceiling: null);
        _books.Credit("pool", Max);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Of(CommandKind.CreateCredit, "pool", 1));
        _books.Bounds("bob", floor: 0, ceiling: 7);
        _books.Refuse(LedgerResult.BalanceLimitExceeded, _books.Transfer("pool", "bob", 8));
    }

    [Fact]
    public void Closing_a_key_of_a_tenant_that_does_not_exist_is_refused()
    {
        var close = _books.New(CommandKind.KeyStatus);
        close->Tenant = 9;
        close->Flags = CommandFlags.HasKey | CommandFlags.CloseKey;
        _books.Refuse(LedgerResult.TenantNotFound, close);
    }
}
