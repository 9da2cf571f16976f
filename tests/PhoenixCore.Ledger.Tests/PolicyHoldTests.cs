using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Reservations that are changed while a limit counts them.</summary>
public sealed unsafe class PolicyHoldTests : IDisposable
{
    private readonly PolicyBooks _books = new();

    public void Dispose() => _books.Dispose();

    [Fact]
    public void Increments_are_counted_and_what_is_released_in_parts_is_given_back()
    {
        var policy = _books.Put(new PolicyDraft { Rules = [new LimitRule { Id = "sum", Window = LimitWindow.Lifetime, Max = new(100) }] });
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        var held = _books.Reserve(_books.Reservation("ann", 60));
        Assert.Equal("sum", _books.Deny(Change(CommandKind.IncrementReservation, held, 41)).Rule);
        _books.Shop.Accept(Change(CommandKind.IncrementReservation, held, 40));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule);

        _books.Shop.Accept(Change(CommandKind.ReleaseReservation, held, 30));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 31)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 30));

        var capture = Change(CommandKind.CommitReservation, held, 20);
        capture->Flags |= CommandFlags.KeepRest;
        _books.Shop.Accept(capture);
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Shop.Accept(_books.Shop.Release(held));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 51)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 50));
        _books.Replay();
    }

    [Fact]
    public void Counts_of_increments_are_given_back_with_the_reservation_s_own()
    {
        var policy = _books.Put(new PolicyDraft { Rules = [new LimitRule { Id = "often", CountsOperations = true, Window = LimitWindow.Lifetime, Max = new(3) }] });
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        for (var round = 0; round < 3; round++)
        {
            var held = _books.Reserve(_books.Reservation("ann", 60));
            _books.Shop.Accept(Change(CommandKind.IncrementReservation, held, 5));
            _books.Shop.Accept(Change(CommandKind.IncrementReservation, held, 5));
            Assert.Equal("often", _books.Deny(_books.Debit("ann", 1)).Rule);
            _books.Shop.Accept(_books.Shop.Release(held));
        }

        for (var i = 0; i < 3; i++) _books.Shop.Accept(_books.Debit("ann", 1));
        Assert.Equal("often", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Replay();
    }

    private Command* Change(CommandKind kind, ulong reservation, Int128 amount)
    {
        var command = _books.Shop.New(kind);
        command->Subject = reservation;
        command->Amount = amount;
        command->Flags |= CommandFlags.HasAmount;
        return command;
    }
}
