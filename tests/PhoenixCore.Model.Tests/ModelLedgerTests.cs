using System.Numerics;
using Xunit;

namespace PhoenixCore.Model.Tests;

public class ModelLedgerTests
{
    private readonly ModelLedger _ledger = new();

    public ModelLedgerTests()
    {
        Accept(new CreateAsset("PTS", 0));
        Accept(new CreateWallet("ann", null, false));
        Accept(new CreateWallet("bob", null, false));
    }

    [Fact]
    public void A_capture_of_an_expired_lot_sends_the_rest_to_breakage()
    {
        Credit("ann", 10, expiresAt: 20);
        Accept(new CreateReservation("ann", 6, "PTS", 100, Selection.Fifo), 10);

        var outcome = Accept(new CommitReservation(0, 4, "bob"), 20);

        Assert.Equal(4, Assert.Single(Assert.Single(outcome.Expiries).Movements).Amount);
        Assert.Equal(["bob", "system:breakage"], outcome.Movements.Select(movement => movement.ToWallet));
        Assert.Equal((4, 6, 0), (Available("bob"), Available("system:breakage"), Available("ann")));
        Assert.Equal(20, Assert.Single(_ledger.Lots("bob", "PTS")).ExpiresAt);
    }

    [Fact]
    public void A_reservation_due_with_its_lot_goes_back_first_and_lapses_as_one()
    {
        Credit("ann", 10, expiresAt: 20);
        Accept(new CreateReservation("ann", 6, "PTS", 20, Selection.Fifo), 10);

        var facts = _ledger.Sweep(20);

        Assert.Equal([0, null], facts.Select(fact => fact.Reservation));
        Assert.Equal(10, Assert.Single(facts[1].Movements).Amount);
    }

    [Fact]
    public void Transfers_of_equal_terms_share_a_lot_and_credits_never_do()
    {
        Credit("ann", 5);
        Credit("ann", 5);
        Assert.Equal(2, _ledger.Lots("ann", "PTS").Count);

        Accept(new CreateTransfer(new TransferLeg("ann", "bob", 7, "PTS", Selection.Lifo)));

        Assert.Equal(7, Assert.Single(_ledger.Lots("bob", "PTS")).Initial);
        Assert.Equal(3, Assert.Single(_ledger.Lots("ann", "PTS")).Available);
    }

    [Fact]
    public void A_refused_batch_changes_nothing_and_says_which_operation()
    {
        Credit("ann", 5);
        var before = _ledger.Balances();

        var outcome = _ledger.Execute(new AtomicBatch([new CreateDebit("ann", 3, "PTS", Selection.Fifo), new CreateDebit("ann", 3, "PTS", Selection.Fifo)]), 1);

        Assert.Equal((ModelResult.InsufficientBalance, 1), (outcome.Result, outcome.RefusedIndex));
        Assert.Equal(before, _ledger.Balances());
    }

    [Fact]
    public void A_key_remembers_refusals_but_not_missed_deadlines()
    {
        var debit = new CreateDebit("ann", 3, "PTS", Selection.Fifo) { Key = "k" };
        Assert.Equal(ModelResult.DeadlineExceeded, _ledger.Execute(debit with { Deadline = 1 }, 1).Result);
        Assert.Equal(KeyState.Unknown, _ledger.Execute(new KeyStatus("k", false), 1).KeyState);
        Assert.Equal(ModelResult.InsufficientBalance, _ledger.Execute(debit, 1).Result);
        Credit("ann", 5);

        var again = _ledger.Execute(debit, 1);

        Assert.Equal((ModelResult.InsufficientBalance, true), (again.Result, again.Duplicate));
        Assert.Equal(ModelResult.IdempotencyConflict, _ledger.Execute(debit with { Amount = 2 }, 1).Result);
    }

    [Fact]
    public void A_closed_key_stays_closed()
    {
        Assert.Equal(KeyState.Closed, _ledger.Execute(new KeyStatus("k", true), 1).KeyState);
        Assert.Equal(ModelResult.IdempotencyKeyClosed, _ledger.Execute(new CreateAsset("X", 0) { Key = "k" }, 1).Result);
    }

    [Fact]
    public void The_system_s_lots_are_made_with_the_asset_and_others_by_their_first_posting()
    {
        var outcome = Accept(new CreateCredit("house_wallet", 5, "PTS", Terms.Plain));

        Assert.Equal([4], outcome.LotIds);
        Assert.Equal(new LotName("system:liability", "PTS", 0), _ledger.NameOf(0));
        Assert.Equal(new LotName("house_wallet", "PTS", 0), _ledger.NameOf(4));
    }

    [Fact]
    public void A_depleted_lot_may_be_answered_in_two_ways()
    {
        var lot = Credit("ann", 5).LotIds[^1];
        Accept(new CreateDebit("ann", 5, "PTS", Selection.Specific(lot)));

        var outcome = _ledger.Execute(new CreateDebit("ann", 5, "PTS", Selection.Specific(lot)), 1);

        Assert.Equal((ModelResult.LotNotAvailable, ModelResult.LotNotFound), (outcome.Result, outcome.AlsoAllowed));
    }

    private Outcome Credit(string wallet, BigInteger amount, long? expiresAt = null) =>
        Accept(new CreateCredit(wallet, amount, "PTS", new(expiresAt, null)));

    private Outcome Accept(ModelCommand command, long stamp = 1)
    {
        var outcome = _ledger.Execute(command, stamp);
        Assert.Equal(ModelResult.Accepted, outcome.Result);
        _ledger.AssertInvariants();
        return outcome;
    }

    private BigInteger Available(string wallet) => _ledger.Balances().Single(balance => balance.Wallet == wallet).Available;
}
