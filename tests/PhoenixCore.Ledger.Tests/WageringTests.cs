using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Money that must be wagered, told as stories; every story ends with a replay.</summary>
public sealed unsafe class WageringTests : IDisposable
{
    private readonly PolicyBooks _books = new();

    public void Dispose()
    {
        _books.Replay();
        _books.Dispose();
    }

    [Fact]
    public void Wagers_free_the_oldest_lots_first_and_the_fact_says_so()
    {
        var released = _books.Put(new PolicyDraft { Priority = 7 });
        var bonus = _books.Put(new PolicyDraft
        {
            Rules = [new WageringRule { Id = "wager", Multiplier = new(15, 1), Contribution = [("slots", new(100)), ("roulette", new(10))], ReleasePolicy = released }],
        });
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        Assert.Equal([150, 150], _books.Shop.Lots("ann").Select(lot => (int)lot.Wagering));
        Assert.Equal("wager", _books.Deny(_books.Shop.Transfer("ann", "bob", 1)).Rule);
        Assert.Equal("wager", _books.Deny(_books.With(_books.Debit("ann", 1), "cashout")).Rule);

        void Bet(int amount, string game)
        {
            _books.Shop.Credit("ann", amount);
            var bet = _books.With(_books.Reservation("ann", amount), "wager", ("game", PolicyValue.OfText(game)));
            bet->Strategy = SelectionStrategy.Lifo; // the money that has just come in
            var reservation = _books.Reserve(bet);
            _books.Shop.Accept(_books.Shop.Commit(reservation, 0, "pool"));
        }

        Bet(100, "roulette");
        Assert.Equal([140, 150], _books.Shop.Lots("ann").Where(lot => lot.Wagering > 0).Select(lot => (int)lot.Wagering));
        Bet(90, "slots");
        var before = EventsOf();
        Bet(60, "slots");
        Assert.Equal((1, before + 1), (SwitchedOf(), EventsOf()));
        Assert.Equal([(ulong)bonus], _books.Shop.Lots("ann").Where(lot => lot.Wagering > 0).Select(lot => lot.Policy));
        Assert.Equal(140, _books.Shop.Lots("ann").Single(lot => lot.Wagering > 0).Wagering);
        Bet(140, "slots");
        Assert.DoesNotContain(_books.Shop.Lots("ann"), lot => lot.Wagering > 0);
    }

    [Fact]
    public void A_capture_to_another_wallet_does_not_carry_a_bonus_away_unless_it_is_a_wager()
    {
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Id = "wager", Required = new(1_000) }] });
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        var gift = _books.Reserve(_books.With(_books.Reservation("ann", 10), "gift"));
        Assert.Equal("wager", _books.Deny(_books.Shop.Commit(gift, 0, "bob")).Rule);
        _books.Shop.Accept(_books.Shop.Release(gift));
        var bet = _books.Reserve(_books.With(_books.Reservation("ann", 10), "wager"));
        _books.Shop.Accept(_books.Shop.Commit(bet, 0, "bob"));
        Assert.Equal(990, _books.Shop.Lots("ann")[0].Wagering);
        _books.Deny(_books.With(_books.Shop.Commit(_books.Reserve(_books.Reservation("ann", 5)), 0, null), "cashout"));
    }

    [Fact]
    public void What_the_last_wager_carries_away_arrives_with_the_terms_it_had_and_the_rest_has_the_new_policy()
    {
        var released = _books.Put(new PolicyDraft());
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Required = new(50) }], Priority = 3 });
        _books.Shop.Accept(_books.Crediting("ann", 100, _books.Put(new PolicyDraft { Rules = [new WageringRule { Required = new(40), ReleasePolicy = released }] })));
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        ulong first = _books.Shop.Lots("ann")[0].Policy;
        var bet = _books.Reserve(_books.With(_books.Reservation("ann", 130), "wager")); // all of the second lot, then 30 of the first
        _books.Shop.Accept(_books.Shop.Commit(bet, 0, "bob"));
        Assert.Equal([(70, released, 0)], _books.Shop.Lots("ann").Select(lot => ((int)lot.Available, lot.Policy, (int)lot.Wagering)));
        Assert.Equal([(100, bonus), (30, first)], _books.Shop.Lots("bob").Select(lot => ((int)lot.Available, lot.Policy)));
    }

    [Fact]
    public void Slices_of_equal_terms_arrive_in_one_lot_though_the_wager_frees_the_first()
    {
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Required = new(60) }] });
        _books.Shop.Accept(_books.Crediting("ann", 50, bonus));
        _books.Shop.Accept(_books.Crediting("ann", 50, bonus));
        _books.Shop.Accept(_books.Shop.Commit(_books.Reserve(_books.With(_books.Reservation("ann", 80), "wager")), 0, "bob"));
        Assert.Equal([(80, bonus)], _books.Shop.Lots("bob").Select(lot => ((int)lot.Available, lot.Policy)));
        Assert.Equal([(20, bonus, 40)], _books.Shop.Lots("ann").Select(lot => ((int)lot.Available, lot.Policy, (int)lot.Wagering)));
    }

    private int EventsOf()
    {
        fixed (byte* payload = _books.Shop.LastFact.Bytes) return new FactParts(payload).Header->Events;
    }

    private int SwitchedOf()
    {
        fixed (byte* payload = _books.Shop.LastFact.Bytes)
        {
            var items = new FactParts(payload).First.PolicyItems;
            return items.TryFind(PolicyItemKind.LotSwitched) ? 1 : 0;
        }
    }
}
