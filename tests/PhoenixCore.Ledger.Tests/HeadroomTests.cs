using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Nothing is issued or overdrawn that could find no room where it expires.</summary>
public sealed unsafe class HeadroomTests : IDisposable
{
    private static readonly Int128 Max = LedgerLimits.UnitsMax;

    private readonly Bookshop _books = new();

    public void Dispose()
    {
        using var replayed = _books.Rig.Replay();
        Assert.Equal(_books.Rig.Ledger.Digest(), replayed.Digest());
        _books.Dispose();
    }

    [Fact]
    public void All_that_can_be_issued_can_expire()
    {
        _books.Bounds("pool", floor: -Max, ceiling: null);
        _books.Accept(_books.Transfer("pool", "bob", 5));
        _books.Refuse(LedgerResult.BalanceWouldOverflow, Crediting("ann", Max - 4));
        _books.Credit("ann", Max - 5, expiresAt: 2_000);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, Crediting("ann", 1));
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Transfer("pool", "bob", 1));
        _books.Accept(Expiring("bob"));
        _books.Now = 2_000;
        Assert.Equal(0, _books.Balance("ann").Available);
        Assert.Equal(Max, _books.Balance("system:breakage").Available);
    }

    [Fact]
    public void What_a_pool_gets_back_can_be_given_again()
    {
        _books.Bounds("pool", floor: -Max, ceiling: null);
        _books.Accept(_books.Transfer("pool", "bob", Max));
        _books.Refuse(LedgerResult.BalanceWouldOverflow, Crediting("ann", 1));
        _books.Accept(_books.Transfer("bob", "pool", 10));
        _books.Credit("ann", 4);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Transfer("pool", "ann", 7));
        _books.Accept(_books.Transfer("pool", "ann", 6));
    }

    [Fact]
    public void A_credit_to_a_pool_is_its_own_to_give()
    {
        _books.Bounds("pool", floor: -Max, ceiling: null);
        _books.Credit("pool", Max);
        _books.Accept(_books.Transfer("pool", "bob", Max));
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Transfer("pool", "bob", 1));
    }

    [Fact]
    public void What_an_overdrawn_pool_holds_counts_until_it_is_released()
    {
        _books.Bounds("pool", floor: -Max, ceiling: null);
        var held = _books.Reserve("pool", Max);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, Crediting("ann", 1));
        _books.Accept(_books.Release(held));
        _books.Credit("ann", Max);
    }

    [Fact]
    public void A_pool_that_pays_back_what_it_spent_needs_headroom_and_a_credit_taken_back_does_not()
    {
        _books.Credit("ann", 10);
        _books.Accept(_books.Transfer("ann", "pool", 10));
        var transfer = _books.LastTransaction;
        _books.Credit("pool", 5);
        var credit = _books.LastTransaction;
        _books.Accept(_books.Transfer("pool", "bob", 15));
        _books.Bounds("pool", floor: -Max, ceiling: null);
        _books.Credit("ann", Max - 15);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, _books.Reversing(CommandKind.ReverseTransfer, transfer));
        _books.Accept(_books.Reversing(CommandKind.ReverseCredit, credit));
        Assert.Equal(-5, _books.Balance("pool").Available);
        _books.Refuse(LedgerResult.BalanceWouldOverflow, Crediting("ann", 1));
    }

    private Command* Crediting(string wallet, Int128 amount) => _books.Of(CommandKind.CreateCredit, wallet, amount);

    private Command* Expiring(string wallet)
    {
        var lot = _books.Lots(wallet)[0].Number;
        var home = History.LotHome.Find(_books.FactOf(Numbers.SequenceOf(lot)), lot)!.Value;
        var command = _books.New(CommandKind.ExpireLot);
        (command->Subject, command->Wallet, command->Other) = (lot, home.Wallet, (ulong)home.Asset);
        return command;
    }
}
