using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>What reversals give back to limits, and what governs the lots that they make again; every story ends with a replay.</summary>
public sealed unsafe class PolicyReversalTests : IDisposable
{
    private const long Day = 86_400_000_000_000;

    private readonly PolicyBooks _books = new();

    public void Dispose()
    {
        _books.Replay();
        _books.Dispose();
    }

    [Fact]
    public void A_reversed_transfer_gives_its_amount_back_to_the_limit_part_by_part_and_its_count_at_the_end()
    {
        Limit(new LimitRule { Id = "sum", Window = LimitWindow.Day, Max = new(100) }, new LimitRule { Id = "times", CountsOperations = true, Window = LimitWindow.Day, Max = new(2) });
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.Shop.Transfer("ann", "bob", 100));
        var transfer = _books.Shop.LastTransaction;
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule);

        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer, 30));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 31)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 30));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule); // and two operations are counted
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer));
        _books.Shop.Accept(_books.Debit("ann", 70));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule);
        Assert.Equal((900, 0), ((int)_books.Shop.Balance("ann").Available, (int)_books.Shop.Balance("bob").Available));
    }

    [Fact]
    public void A_count_comes_back_with_the_last_part_and_only_then()
    {
        Limit(new LimitRule { Id = "times", CountsOperations = true, Window = LimitWindow.Lifetime, Max = new(1) });
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.Shop.Transfer("ann", "bob", 10));
        var transfer = _books.Shop.LastTransaction;
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer, 9));
        Assert.Equal("times", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer, 1));
        _books.Shop.Refuse(LedgerResult.AlreadyReversed, _books.Shop.Reversing(CommandKind.ReverseTransfer, transfer));
        _books.Shop.Accept(_books.Debit("ann", 1));
        Assert.Equal("times", _books.Deny(_books.Debit("ann", 1)).Rule);
    }

    [Fact]
    public void The_count_of_a_reservation_stays_when_a_capture_that_left_something_pending_is_reversed()
    {
        Limit(new LimitRule { Id = "times", CountsOperations = true, Window = LimitWindow.Lifetime, Max = new(1) });
        _books.Shop.Credit("ann", 1_000);
        var held = _books.Shop.Reserve("ann", 30);
        var part = _books.Shop.Commit(held, 20, "bob");
        part->Flags |= CommandFlags.KeepRest;
        _books.Shop.Accept(part);
        var first = _books.Shop.LastTransaction;
        _books.Shop.Accept(_books.Shop.Commit(held, 10, "bob"));
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, first));
        Assert.Equal("times", _books.Deny(_books.Debit("ann", 1)).Rule);
    }

    [Fact]
    public void Nothing_comes_back_to_another_window()
    {
        _books.Now = 20_000 * Day;
        Limit(new LimitRule { Id = "sum", Window = LimitWindow.Day, Max = new(100) });
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.Shop.Transfer("ann", "bob", 100));
        var transfer = _books.Shop.LastTransaction;
        _books.Now += Day;
        _books.Shop.Accept(_books.Debit("ann", 60));
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 41)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 40));
    }

    [Fact]
    public void A_reversed_capture_gives_back_what_its_reservation_was_counted_for()
    {
        Limit(new LimitRule { Id = "sum", Window = LimitWindow.Day, Max = new(100) }, new LimitRule { Id = "times", CountsOperations = true, Window = LimitWindow.Day, Max = new(1) });
        _books.Shop.Credit("ann", 1_000);
        var bet = _books.Reserve(_books.Reservation("ann", 100));
        _books.Shop.Accept(_books.Shop.Commit(bet, 80, "pool"));
        var capture = _books.Shop.LastTransaction;
        Assert.Equal("times", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, capture));
        var again = _books.Reserve(_books.Reservation("ann", 100));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Shop.Accept(_books.Shop.Release(again));
    }

    [Fact]
    public void Of_a_reservation_captured_in_parts_the_count_stays()
    {
        Limit(new LimitRule { Id = "sum", Window = LimitWindow.Day, Max = new(100) }, new LimitRule { Id = "times", CountsOperations = true, Window = LimitWindow.Day, Max = new(2) });
        _books.Shop.Credit("ann", 1_000);
        var bet = _books.Reserve(_books.Reservation("ann", 100));
        var part = _books.Shop.Commit(bet, 60, "bob");
        part->Flags |= CommandFlags.KeepRest;
        _books.Shop.Accept(part);
        var first = _books.Shop.LastTransaction;
        _books.Shop.Accept(_books.Shop.Commit(bet, 40, "bob"));
        var second = _books.Shop.LastTransaction;
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, first));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 61)).Rule);
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, second));
        _books.Shop.Accept(_books.Debit("ann", 100));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Shop.Refuse(LedgerResult.AlreadyReversed, _books.Shop.Reversing(CommandKind.ReverseTransfer, first));
    }

    [Fact]
    public void What_a_capture_took_above_the_held_amount_comes_back_first_and_once()
    {
        var policy = _books.Put(new PolicyDraft { OvercapturePercent = new(100, 0), Rules = [new LimitRule { Id = "sum", Window = LimitWindow.Day, Max = new(150) }] });
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        _books.Shop.Credit("ann", 1_000);
        var bet = _books.Reserve(_books.Reservation("ann", 100));
        _books.Shop.Accept(_books.Shop.Commit(bet, 150, "bob"));
        var capture = _books.Shop.LastTransaction;
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, capture, 60));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 61)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 60));
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, capture));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 91)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 90));
    }

    [Fact]
    public void What_a_lot_was_counted_for_comes_back_to_that_lot()
    {
        _books.Shop.Accept(_books.Crediting("ann", 100, restrictions: [new LimitRule { Id = "lot", Window = LimitWindow.Lifetime, Max = new(40) }]));
        _books.Shop.Credit("ann", 5);
        _books.Shop.Accept(_books.Shop.Transfer("ann", "pool", 45 - 5));
        var transfer = _books.Shop.LastTransaction;
        Assert.Equal("lot", _books.Deny(_books.Debit("ann", 10)).Rule);
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer, 15));
        Assert.Equal("lot", _books.Deny(_books.Debit("ann", 21)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 15));
        Assert.Equal([85 - 15 - 10, 5], _books.Shop.Lots("ann").Select(lot => (int)lot.Available));
    }

    [Fact]
    public void A_reversed_credit_gives_back_to_a_limit_of_credits()
    {
        Limit(new LimitRule { Id = "in", Window = LimitWindow.Month, Max = new(100), When = [PolicyBooks.When("operation", ConditionOperator.Equal, "credit")] });
        _books.Shop.Credit("ann", 100);
        var credit = _books.Shop.LastTransaction;
        Assert.Equal("in", _books.Deny(_books.Shop.Of(CommandKind.CreateCredit, "ann", 1)).Rule);
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseCredit, credit, 25));
        Assert.Equal("in", _books.Deny(_books.Shop.Of(CommandKind.CreateCredit, "ann", 26)).Rule);
        _books.Shop.Credit("ann", 25);
    }

    [Fact]
    public void What_the_receiver_was_counted_for_comes_back_to_the_receiver()
    {
        var policy = _books.Put(new PolicyDraft { Rules = [new LimitRule { Id = "in", Window = LimitWindow.Month, Max = new(100), When = [PolicyBooks.When("operation", ConditionOperator.Equal, "transfer_in")] }] });
        _books.Shop.Accept(_books.BindingWallet("bob", policy));
        _books.Shop.Credit("ann", 1_000);
        var held = _books.Reserve(_books.Reservation("ann", 100));
        _books.Shop.Accept(_books.Shop.Commit(held, 0, "bob"));
        var capture = _books.Shop.LastTransaction;
        Assert.Equal("in", _books.Deny(_books.Shop.Transfer("ann", "bob", 1)).Rule);
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, capture, 40));
        Assert.Equal("in", _books.Deny(_books.Shop.Transfer("ann", "bob", 41)).Rule);
        _books.Shop.Accept(_books.Shop.Transfer("ann", "bob", 40));
    }

    [Fact]
    public void A_lot_made_again_has_the_policy_at_its_version_and_its_attributes_and_restrictions()
    {
        var policy = _books.Put(new PolicyDraft { Rules = [new AttributeRule(new("withdrawable", ConditionOperator.Equal, PolicyValue.OfBoolean(true))) { Id = "promo", When = [PolicyBooks.When("intent", ConditionOperator.Equal, "cashout")] }] });
        _books.Shop.Accept(_books.Crediting("ann", 50, policy, [new CategoryRule { Id = "food", Allowed = ["food"], When = [PolicyBooks.When("operation", ConditionOperator.Equal, "consume")] }], [("withdrawable", PolicyValue.OfBoolean(false))]));
        var before = _books.Shop.Lots("ann").Single();
        _books.Put(new PolicyDraft(), policy); // a version that allows everything
        _books.Shop.Accept(_books.Shop.Transfer("ann", "pool", 50));
        var transfer = _books.Shop.LastTransaction;
        Assert.Empty(_books.Shop.Lots("ann"));
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer));

        var after = _books.Shop.Lots("ann").Single();
        Assert.Equal((before.Policy, 1, before.TermsSource), (after.Policy, after.PolicyVersion, after.TermsSource));
        Assert.Equal((3, policy, 1, "promo", after.Number), _books.Deny(_books.With(_books.Debit("ann", 1), "cashout", ("category", PolicyValue.OfText("food")))));
        Assert.Equal((4, "food"), _books.Deny(_books.Debit("ann", 1)) is var denied ? (denied.Layer, denied.Rule) : default);
        _books.Shop.Accept(_books.With(_books.Debit("ann", 1), "purchase", ("category", PolicyValue.OfText("food"))));
    }

    [Fact]
    public void A_lot_with_nothing_but_a_policy_is_made_again_with_it_though_it_was_handed_on()
    {
        var policy = _books.Put(new PolicyDraft { Intents = ["gift", "transfer"] });
        _books.Shop.Accept(_books.Crediting("ann", 50, policy));
        _books.Shop.Accept(_books.Shop.Transfer("ann", "bob", 50)); // bob's lot inherits
        _books.Shop.Accept(_books.Shop.Transfer("bob", "pool", 50));
        var transfer = _books.Shop.LastTransaction;
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, transfer));
        Assert.Equal((policy, 1), (_books.Shop.Lots("bob").Single().Policy, _books.Shop.Lots("bob").Single().PolicyVersion));
        Assert.Equal((3, "intents"), _books.Deny(_books.Debit("bob", 1)) is var denied ? (denied.Layer, denied.Rule) : default);
    }

    [Fact]
    public void A_bonus_that_comes_back_from_a_wager_still_has_to_be_wagered()
    {
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Id = "wager", Required = new(300) }] });
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        var bet = _books.Reserve(_books.With(_books.Reservation("ann", 100), "wager"));
        _books.Shop.Accept(_books.Shop.Commit(bet, 0, "pool"));
        var capture = _books.Shop.LastTransaction;
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, capture));
        var lot = _books.Shop.Lots("ann").Single();
        Assert.Equal((bonus, (Int128)200), (lot.Policy, lot.Wagering));
        Assert.Equal("wager", _books.Deny(_books.With(_books.Debit("ann", 1), "cashout")).Rule);
    }

    [Fact]
    public void A_bonus_that_was_wagered_free_comes_back_free()
    {
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Id = "wager", Required = new(100) }] });
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        var bet = _books.Reserve(_books.With(_books.Reservation("ann", 100), "wager"));
        _books.Shop.Accept(_books.Shop.Commit(bet, 0, "pool"));
        _books.Shop.Accept(_books.Shop.Reversing(CommandKind.ReverseTransfer, _books.Shop.LastTransaction));
        var lot = _books.Shop.Lots("ann").Single();
        Assert.Equal((PolicyLimits.DefaultNumber, (Int128)0), (lot.Policy, lot.Wagering));
        _books.Shop.Accept(_books.With(_books.Debit("ann", 100), "cashout"));
    }

    private void Limit(params LimitRule[] rules) => _books.Shop.Accept(_books.BindingWallet("ann", _books.Put(new PolicyDraft { Rules = rules })));
}
