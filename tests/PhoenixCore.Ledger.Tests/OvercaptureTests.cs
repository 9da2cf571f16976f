using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Captures above what is held, told as stories; every story ends with a replay.</summary>
public sealed unsafe class OvercaptureTests : IDisposable
{
    private readonly PolicyBooks _books = new();

    public void Dispose()
    {
        _books.Replay();
        _books.Dispose();
    }

    [Fact]
    public void A_capture_above_the_held_amount_is_refused_where_no_policy_grants_it()
    {
        _books.Shop.Credit("ann", 1_000);
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 101, "bob"));
        _books.Shop.Accept(_books.BindingWallet("ann", _books.Put(new PolicyDraft())));
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 101, "bob"));
    }

    [Fact]
    public void The_excess_comes_from_available_lots_in_the_same_fact()
    {
        Grant(percent: 10);
        _books.Shop.Credit("ann", 105);
        _books.Shop.Credit("ann", 500);
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 111, "bob"));
        var open = _books.Shop.Commit(held, 110, "bob");
        open->Flags |= CommandFlags.KeepRest;
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, open);

        var facts = _books.Shop.Rig.Facts.Count;
        _books.Shop.Accept(_books.Shop.Commit(held, 110, "bob"));
        Assert.Equal(facts + 1, _books.Shop.Rig.Facts.Count);
        fixed (byte* payload = _books.Shop.LastFact.Bytes)
        {
            var part = new FactParts(payload).First;
            Assert.Equal((PartKind.Captured, (Int128)10, 3), (part.Kind, part.Body<CapturedBody>().Taken, part.Postings.Length));
        }

        Assert.Equal((495, 0, 110), ((int)_books.Shop.Balance("ann").Available, (int)_books.Shop.Balance("ann").Reserved, (int)_books.Shop.Balance("bob").Available));
        _books.Shop.Refuse(LedgerResult.ReservationNotActive, _books.Shop.Commit(held, 1, "bob"));
    }

    [Fact]
    public void What_is_not_there_cannot_be_taken()
    {
        Grant(percent: 100);
        _books.Shop.Credit("ann", 150);
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Refuse(LedgerResult.InsufficientBalance, _books.Shop.Commit(held, 151, null));
        _books.Shop.Accept(_books.Shop.Commit(held, 150, null));
    }

    [Theory]
    [InlineData(10, null, 10)]
    [InlineData(null, 7, 7)]
    [InlineData(10, 7, 7)]
    [InlineData(5, 7, 5)]
    [InlineData(0, null, 0)]
    public void A_percentage_and_an_amount_together_mean_the_smaller(int? percent, int? amount, int cap)
    {
        Grant(percent, amount);
        _books.Shop.Credit("ann", 1_000);
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 101 + cap, "bob"));
        _books.Shop.Accept(_books.Shop.Commit(held, 100 + cap, "bob"));
    }

    [Fact]
    public void The_largest_grant_of_asset_and_wallet_counts_and_an_inactive_policy_grants_nothing()
    {
        var (asset, wallet) = (_books.Put(Granting(20, null)), _books.Put(Granting(30, null)));
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.BindingAsset(asset));
        _books.Shop.Accept(_books.BindingWallet("ann", wallet));
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 131, null));
        _books.Shop.Accept(_books.SettingStatus(wallet, PolicyStatus.Inactive));
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 121, null));
        _books.Shop.Accept(_books.SettingStatus(wallet, PolicyStatus.Deprecated));
        _books.Shop.Accept(_books.Shop.Commit(held, 130, null));
    }

    [Fact]
    public void The_cap_is_of_what_was_held_first()
    {
        Grant(percent: 10);
        _books.Shop.Credit("ann", 1_000);
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Accept(Change(CommandKind.IncrementReservation, held, 100));
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 211, null));
        var first = _books.Shop.Commit(held, 150, null);
        first->Flags |= CommandFlags.KeepRest;
        _books.Shop.Accept(first);
        _books.Shop.Refuse(LedgerResult.CaptureExceedsReservation, _books.Shop.Commit(held, 61, null));
        _books.Shop.Accept(_books.Shop.Commit(held, 60, null));
        Assert.Equal(790, _books.Shop.Balance("ann").Available);
    }

    [Fact]
    public void The_excess_is_asked_and_counted_under_the_reservation_s_intent()
    {
        var policy = _books.Put(Granting(100, null) with
        {
            Rules = [new LimitRule { Id = "sum", Window = LimitWindow.Lifetime, Max = new(120), When = [PolicyBooks.When("intent", ConditionOperator.Equal, "purchase")] }],
        });
        _books.Shop.Accept(_books.Crediting("ann", 10, restrictions: [new IntentRule { Id = "no", Denied = ["purchase"] }]));
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        var held = _books.Reserve(_books.With(_books.Reservation("ann", 100), "purchase"));
        Assert.Equal("sum", _books.Deny(_books.Shop.Commit(held, 121, "bob")).Rule);
        _books.Shop.Accept(_books.Shop.Commit(held, 120, "bob"));
        Assert.Equal([10, 880], _books.Shop.Lots("ann").Select(lot => (int)lot.Available));
        Assert.Equal("sum", _books.Deny(_books.With(_books.Debit("ann", 1), "purchase")).Rule);
        _books.Shop.Accept(_books.Debit("ann", 1));
    }

    [Fact]
    public void A_bonus_is_no_excess_of_a_capture_that_carries_it_away()
    {
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Id = "wager", Required = new(1_000) }] });
        Grant(percent: 100);
        _books.Shop.Credit("ann", 100);
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        Assert.Equal((3, "wager"), _books.Deny(_books.Shop.Commit(held, 150, "bob")) is var denied ? (denied.Layer, denied.Rule) : default);
        _books.Shop.Accept(_books.With(_books.Shop.Commit(held, 150, "bob"), "wager"));
        Assert.Equal(850, _books.Shop.Lots("ann")[0].Wagering);
    }

    [Fact]
    public void A_lot_that_the_excess_steps_over_is_not_who_denies_the_capture()
    {
        Grant(percent: 100);
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Id = "wager", Required = new(1_000) }] });
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        var held = _books.Shop.Reserve("ann", 100);
        _books.Shop.Accept(_books.Crediting("ann", 100, restrictions: [new OperationRule { Id = "shut", Denied = [PolicyOperation.Reserve] }]));
        _books.Shop.Credit("ann", 100);
        Assert.Equal((3, "wager"), _books.Deny(_books.Shop.Commit(held, 150, "bob")) is var denied ? (denied.Layer, denied.Rule) : default);
    }

    private void Grant(int? percent = null, int? amount = null) => _books.Shop.Accept(_books.BindingWallet("ann", _books.Put(Granting(percent, amount))));

    private static PolicyDraft Granting(int? percent, int? amount) =>
        new() { OvercapturePercent = percent is { } share ? new(share, 0) : null, OvercaptureAmount = amount is { } units ? new(units) : null };

    private Command* Change(CommandKind kind, ulong reservation, Int128 amount)
    {
        var command = _books.Shop.New(kind);
        command->Subject = reservation;
        command->Amount = amount;
        command->Flags |= CommandFlags.HasAmount;
        return command;
    }
}
