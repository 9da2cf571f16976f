using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Lots that are changed by request, and transactions that are undone, told as stories.</summary>
public sealed unsafe class ReversalTests : IDisposable
{
    private readonly Bookshop _books = new();

    public void Dispose() => _books.Dispose();

    [Fact]
    public void A_credit_is_taken_back_in_parts_and_never_more_than_once()
    {
        _books.Credit("ann", 10);
        var credit = _books.LastTransaction;
        _books.Accept(Reverse(CommandKind.ReverseCredit, credit, 4));
        _books.Refuse(LedgerResult.AlreadyReversed, Reverse(CommandKind.ReverseCredit, credit, 7));
        _books.Accept(Reverse(CommandKind.ReverseCredit, credit, null));
        _books.Refuse(LedgerResult.AlreadyReversed, Reverse(CommandKind.ReverseCredit, credit, null));
        _books.Refuse(LedgerResult.AlreadyReversed, Reverse(CommandKind.ReverseCredit, credit, 1));
        Assert.Equal(0, _books.Balance("ann").Available);
        Assert.Equal(0, _books.Balance("system:liability").Available);
    }

    [Fact]
    public void A_credit_that_was_spent_cannot_be_taken_back_from_another_lot()
    {
        _books.Credit("ann", 10);
        var credit = _books.LastTransaction;
        _books.Credit("ann", 10);
        _books.Accept(_books.Transfer("ann", "bob", 5));
        _books.Refuse(LedgerResult.InsufficientBalance, Reverse(CommandKind.ReverseCredit, credit, null));
        _books.Accept(Reverse(CommandKind.ReverseCredit, credit, 5));
    }

    [Fact]
    public void A_lost_bet_comes_back_from_the_house_into_its_lots_the_last_one_first()
    {
        _books.Credit("ann", 10, expiresAt: 5_000);
        _books.Credit("ann", 10);
        var bet = _books.Reserve("ann", 15);
        _books.Accept(_books.Commit(bet, 0, "pool"));
        var capture = _books.LastTransaction;
        Assert.Equal([5], _books.Lots("ann").Select(lot => (int)lot.Available));

        _books.Accept(Reverse(CommandKind.ReverseTransfer, capture, 3));
        Assert.Equal([8], _books.Lots("ann").Select(lot => (int)lot.Available));
        _books.Accept(Reverse(CommandKind.ReverseTransfer, capture, null));
        Assert.Equal([(10, 0L), (10, 5_000L)], _books.Lots("ann").Select(lot => ((int)lot.Available, lot.ExpiresAt)));
        Assert.Equal(0, _books.Balance("pool").Available);
    }

    [Fact]
    public void What_would_go_back_into_expired_terms_goes_to_breakage()
    {
        _books.Credit("ann", 10, expiresAt: 2_000);
        _books.Accept(_books.Transfer("ann", "pool", 10));
        var transfer = _books.LastTransaction;
        _books.Now = 2_000;
        _books.Accept(Reverse(CommandKind.ReverseTransfer, transfer, null));
        Assert.Equal((0, 0, 10), ((int)_books.Balance("ann").Available, (int)_books.Balance("pool").Available, (int)_books.Balance("system:breakage").Available));
        _books.Refuse(LedgerResult.AlreadyReversed, Reverse(CommandKind.ReverseTransfer, transfer, null));
    }

    [Fact]
    public void A_lot_made_again_has_the_terms_of_the_transfer_s_time_and_not_of_its_birth()
    {
        _books.Credit("ann", 10, expiresAt: 2_000);
        _books.Accept(Update(_books.Lots("ann")[0].Number, 7_000, "vip"));
        _books.Accept(_books.Transfer("ann", "pool", 4));
        var first = _books.LastTransaction;
        _books.Accept(Update(_books.Lots("ann")[0].Number, 8_000, null));
        _books.Accept(_books.Transfer("ann", "pool", 6));
        var second = _books.LastTransaction;
        _books.Now = 3_000;
        _books.Accept(Reverse(CommandKind.ReverseTransfer, first, null));
        _books.Accept(Reverse(CommandKind.ReverseTransfer, second, null));
        var lots = _books.Lots("ann");
        Assert.Equal([(4, 7_000L), (6, 8_000L)], lots.Select(lot => ((int)lot.Available, lot.ExpiresAt)));
        foreach (var lot in lots) Assert.Equal("""{"tag":"vip"}"""u8.ToArray(), LotTexts.Find(_books.FactOf, lot.TermsSource, ExtraTag.Attributes));
    }

    [Fact]
    public void The_house_gives_back_down_to_its_floor_and_no_further()
    {
        _books.Credit("ann", 10);
        _books.Accept(_books.Transfer("ann", "pool", 10));
        var transfer = _books.LastTransaction;
        _books.Accept(_books.Transfer("pool", "bob", 8));
        _books.Refuse(LedgerResult.InsufficientBalance, Reverse(CommandKind.ReverseTransfer, transfer, 3));
        _books.Bounds("pool", floor: -100, ceiling: null);
        _books.Accept(Reverse(CommandKind.ReverseTransfer, transfer, null));
        Assert.Equal(-8, _books.Balance("pool").Available);
    }

    [Fact]
    public void Only_a_transaction_of_the_kind_can_be_reversed_and_no_reversal_stands_in_a_batch()
    {
        _books.Credit("ann", 10);
        var credit = _books.LastTransaction;
        _books.Refuse(LedgerResult.TransactionNotFound, Reverse(CommandKind.ReverseTransfer, credit, null));
        _books.Refuse(LedgerResult.OperationNotAllowed, _books.Several(CommandKind.AtomicBatch, (nint)Reverse(CommandKind.ReverseCredit, credit, null)));
        _books.Accept(Reverse(CommandKind.ReverseCredit, credit, 1));
        _books.Refuse(LedgerResult.TransactionNotFound, Reverse(CommandKind.ReverseCredit, _books.LastTransaction, null));
    }

    [Fact]
    public void A_credit_adds_to_the_lot_that_it_names()
    {
        _books.Credit("ann", 10, expiresAt: 2_000);
        var lot = _books.Lots("ann")[0].Number;
        var more = _books.Of(CommandKind.CreateCredit, "ann", 5);
        more->Subject = lot;
        _books.Accept(more);
        Assert.Equal([(15, 15, 2_000L)], _books.Lots("ann").Select(view => ((int)view.Available, (int)view.Initial, view.ExpiresAt)));

        var elsewhere = _books.Of(CommandKind.CreateCredit, "bob", 5);
        elsewhere->Subject = lot;
        _books.Refuse(LedgerResult.LotNotFound, elsewhere);
        more->Flags |= CommandFlags.HasTerms;
        _books.Refuse(LedgerResult.PooledTerms, more);
    }

    [Fact]
    public void A_lot_expired_by_request_forfeits_what_is_available_and_keeps_what_is_held()
    {
        _books.Credit("ann", 10);
        var bet = _books.Reserve("ann", 4);
        var lot = _books.Lots("ann")[0].Number;
        _books.Accept(Expire(lot));
        Assert.Equal((0, 4, 6), ((int)_books.Balance("ann").Available, (int)_books.Balance("ann").Reserved, (int)_books.Balance("system:breakage").Available));
        var events = Events();
        _books.Accept(Expire(lot));
        Assert.Equal(events, Events());
        _books.Refuse(LedgerResult.LotNotAvailable, Update(lot, 9_000, null));
        _books.Accept(_books.Commit(bet, 0, "bob"));
        _books.Refuse(LedgerResult.LotNotFound, Expire(lot));
    }

    [Fact]
    public void Terms_of_a_pool_cannot_be_changed()
    {
        _books.Credit("pool", 5);
        _books.Refuse(LedgerResult.PooledTerms, Update(_books.Lots("pool")[0].Number, 9_000, null));
        _books.Refuse(LedgerResult.PooledTerms, Expire(_books.Lots("pool")[0].Number));
    }

    private ulong Events()
    {
        var question = _books.New(CommandKind.ReadTenant);
        Assert.Equal(LedgerResult.Accepted, _books.Rig.Read(question, _books.Now, out var answer));
        return MemoryMarshal.Read<TenantView>(answer).NextEvent;
    }

    private Command* Update(ulong lot, long expiresAt, string? tag)
    {
        var command = OnLot(CommandKind.UpdateLot, lot);
        command->ExpiresAt = expiresAt;
        if (tag is not null) _books.Arena.AddText(command, ExtraTag.Attributes, $$"""{"tag":"{{tag}}"}""");
        return command;
    }

    private Command* Expire(ulong lot) => OnLot(CommandKind.ExpireLot, lot);

    private Command* OnLot(CommandKind kind, ulong lot)
    {
        var home = LotHome.Find(_books.FactOf(Numbers.SequenceOf(lot)), lot);
        Assert.NotNull(home);
        var command = _books.New(kind);
        (command->Subject, command->Wallet, command->Other) = (lot, home.Value.Wallet, (ulong)home.Value.Asset);
        return command;
    }

    private Command* Reverse(CommandKind kind, ulong transaction, Int128? amount) => _books.Reversing(kind, transaction, amount);
}
