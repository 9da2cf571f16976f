using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Layers, rules and bindings, told as stories; every story ends with a replay.</summary>
public sealed unsafe class PolicyTests : IDisposable
{
    private const long Second = 1_000_000_000;
    private const long Hour = 3_600 * Second;
    private const long Day = 24 * Hour;

    private readonly PolicyBooks _books = new();

    public void Dispose()
    {
        _books.Replay();
        _books.Dispose();
    }

    /// <summary>25 that cannot be cashed out and 100 that can.</summary>
    [Fact]
    public void What_only_promotional_money_could_cover_is_a_violation_and_more_is_a_lack()
    {
        var promo = _books.Put(new PolicyDraft
        {
            Rules = [new AttributeRule(new("withdrawable", ConditionOperator.Equal, PolicyValue.OfBoolean(true))) { Id = "no-cashout", When = [PolicyBooks.When("intent", ConditionOperator.Equal, "withdrawal")] }],
        });
        _books.Shop.Accept(_books.Crediting("ann", 25, promo, attributes: [("withdrawable", PolicyValue.OfBoolean(false))]));
        _books.Shop.Credit("ann", 100);
        var lots = _books.Shop.Lots("ann");

        var refused = _books.Deny(_books.With(_books.Debit("ann", 110), "cashout"));
        Assert.Equal((3, promo, 1, "no-cashout", lots[0].Number), refused);
        _books.Shop.Refuse(LedgerResult.InsufficientBalance, _books.With(_books.Debit("ann", 130), "cashout"));
        _books.Shop.Accept(_books.With(_books.Debit("ann", 50), "purchase"));
        Assert.Equal([75], _books.Shop.Lots("ann").Select(lot => (int)lot.Available));
        _books.Shop.Accept(_books.With(_books.Debit("ann", 75), "withdrawal"));
    }

    [Fact]
    public void A_lot_is_filled_though_its_own_category_rule_would_deny_the_credit()
    {
        var policy = _books.Put(new PolicyDraft { Operations = [PolicyOperation.Consume], Rules = [new CategoryRule { Id = "policy", Allowed = ["food"] }] });
        _books.Shop.Accept(_books.Crediting("ann", 10, policy, [new CategoryRule { Id = "restriction", Allowed = ["food"] }]));
        var more = _books.Shop.Of(CommandKind.CreateCredit, "ann", 5);
        more->Subject = _books.Shop.Lots("ann").Single().Number;
        _books.Shop.Accept(more);
        Assert.Equal("policy", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Shop.Accept(_books.With(_books.Debit("ann", 15), null, ("category", PolicyValue.OfText("food"))));
    }

    [Fact]
    public void Money_of_a_lot_that_may_not_be_taken_is_stepped_over()
    {
        _books.Shop.Accept(_books.Crediting("ann", 25, restrictions: [new OperationRule { Denied = [PolicyOperation.TransferOut] }]));
        _books.Shop.Credit("ann", 100);
        _books.Shop.Accept(_books.Shop.Transfer("ann", "bob", 60));
        Assert.Equal([25, 40], _books.Shop.Lots("ann").Select(lot => (int)lot.Available));

        var specific = _books.Shop.Transfer("ann", "bob", 5);
        specific->Strategy = SelectionStrategy.Specific;
        specific->ArgumentCount = 1;
        specific->Arguments = _books.Shop.Arena.Numbers([_books.Shop.Lots("ann")[0].Number]);
        Assert.Equal((4, 0UL, 0, "0"), _books.Deny(specific) is var denied ? (denied.Layer, denied.Policy, denied.Version, denied.Rule) : default);
    }

    [Fact]
    public void The_first_denial_is_of_the_asset_then_of_the_wallet_then_of_the_lot()
    {
        PolicyDraft Above(int max, string id) => new() { Rules = [new AmountRule { Id = id, Max = new(max) }] };
        var (asset, wallet, lot) = (_books.Put(Above(30, "asset")), _books.Put(Above(20, "wallet")), _books.Put(Above(1_000, "lot")));
        _books.Shop.Accept(_books.Crediting("ann", 100, lot));
        _books.Shop.Accept(_books.BindingWallet("ann", wallet));
        _books.Shop.Accept(_books.BindingAsset(asset));

        Assert.Equal((1, "asset"), _books.Deny(_books.Debit("ann", 31)) is var first ? (first.Layer, first.Rule) : default);
        Assert.Equal((2, "wallet"), _books.Deny(_books.Debit("ann", 21)) is var second ? (second.Layer, second.Rule) : default);
        _books.Shop.Accept(_books.Debit("ann", 20));
        _books.Shop.Accept(_books.BindingAsset());
        _books.Shop.Accept(_books.BindingWallet("ann"));
        _books.Shop.Accept(_books.Debit("ann", 80));
    }

    [Fact]
    public void A_wallet_follows_the_latest_version_and_a_lot_keeps_its_own()
    {
        var policy = _books.Put(new PolicyDraft { Rules = [new AmountRule { Max = new(10) }] });
        _books.Shop.Accept(_books.Crediting("ann", 10, policy));
        _books.Shop.Accept(_books.BindingWallet("bob", policy));
        _books.Shop.Credit("bob", 10);
        _books.Put(new PolicyDraft { Rules = [new AmountRule { Id = "tight", Max = new(5) }] }, policy);

        Assert.Equal((2, policy, 2, "tight", 0UL), _books.Deny(_books.Debit("bob", 6)));
        _books.Shop.Accept(_books.Debit("ann", 6));
        Assert.Equal((policy, 1), (_books.Shop.Lots("ann")[0].Policy, _books.Shop.Lots("ann")[0].PolicyVersion));
    }

    [Fact]
    public void An_inactive_policy_denies_and_a_deprecated_one_can_only_stay_bound()
    {
        var policy = _books.Put(new PolicyDraft());
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        _books.Shop.Accept(_books.Crediting("bob", 10, policy));
        _books.Shop.Credit("ann", 10);

        _books.Shop.Accept(_books.SettingStatus(policy, PolicyStatus.Deprecated));
        _books.Shop.Refuse(LedgerResult.InvalidPolicy, _books.BindingWallet("pool", policy));
        _books.Shop.Refuse(LedgerResult.InvalidPolicy, _books.Crediting("ann", 1, policy));
        _books.Shop.Accept(_books.BindingWallet("ann", policy, PolicyLimits.DefaultNumber));
        _books.Shop.Accept(_books.Debit("ann", 1));

        _books.Shop.Accept(_books.SettingStatus(policy, PolicyStatus.Inactive));
        Assert.Equal((2, policy, 1, "status", 0UL), _books.Deny(_books.Debit("ann", 1)));
        Assert.Equal((3, "status"), _books.Deny(_books.Debit("bob", 1)) is var denied ? (denied.Layer, denied.Rule) : default);
        _books.Shop.Refuse(LedgerResult.InvalidPolicy, _books.BindingWallet("ann", policy));
        _books.Shop.Refuse(LedgerResult.PolicyNotFound, _books.SettingStatus(777, PolicyStatus.Active));
        _books.Shop.Refuse(LedgerResult.InvalidPolicy, _books.SettingStatus(PolicyLimits.DefaultNumber, PolicyStatus.Inactive));
        _books.Shop.Refuse(LedgerResult.InvalidPolicy, _books.Putting(new PolicyDraft(), PolicyLimits.DefaultNumber));
        _books.Shop.Refuse(LedgerResult.PolicyNotFound, _books.Putting(new PolicyDraft(), 777));
        _books.Shop.Refuse(LedgerResult.InvalidPolicy, _books.BindingWallet("ann", 777));
    }

    [Fact]
    public void A_tier_decides_how_much_a_day_and_the_day_begins_at_midnight()
    {
        _books.Now = (20_000 * Day) + (23 * Hour);
        var tier = _books.Put(new PolicyDraft
        {
            Rules =
            [
                new LimitRule { Id = "bronze", Window = LimitWindow.Day, Max = new(100), When = [PolicyBooks.When("tier", ConditionOperator.NotEqual, "gold")] },
                new LimitRule { Id = "gold", Window = LimitWindow.Day, Max = new(1_000), When = [PolicyBooks.When("tier", ConditionOperator.Equal, "gold")] },
            ],
        });
        _books.Shop.Credit("ann", 10_000);
        _books.Shop.Accept(_books.BindingWallet("ann", tier));
        _books.Shop.Accept(_books.Debit("ann", 60));
        Assert.Equal("bronze", _books.Deny(_books.Debit("ann", 41)).Rule);
        _books.Shop.Accept(_books.Debit("ann", 40));
        _books.Shop.Accept(_books.With(_books.Debit("ann", 1_000), null, ("tier", PolicyValue.OfText("gold"))));
        Assert.Equal("gold", _books.Deny(_books.With(_books.Debit("ann", 1), null, ("tier", PolicyValue.OfText("gold")))).Rule);
        _books.Now = 20_001 * Day;
        _books.Shop.Accept(_books.Debit("ann", 100));
        Assert.Equal("bronze", _books.Deny(_books.Debit("ann", 1)).Rule);
    }

    [Fact]
    public void A_reservation_is_counted_once_and_gives_back_what_it_does_not_use()
    {
        var policy = _books.Put(new PolicyDraft
        {
            Rules = [new LimitRule { Id = "sum", Window = LimitWindow.Lifetime, Max = new(100) }, new LimitRule { Id = "times", CountsOperations = true, Window = LimitWindow.Lifetime, Max = new(3) }],
        });
        _books.Shop.Credit("ann", 1_000);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        var first = _books.Reserve(_books.Reservation("ann", 80));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 21)).Rule);
        _books.Shop.Accept(_books.Shop.Commit(first, 50, "bob"));
        _books.Shop.Accept(_books.Debit("ann", 50));
        Assert.Equal("sum", _books.Deny(_books.Debit("ann", 1)).Rule);

        _books.Put(new PolicyDraft { Rules = [new LimitRule { Id = "times", CountsOperations = true, Window = LimitWindow.Lifetime, Max = new(3) }] }, policy);
        var second = _books.Reserve(_books.Reservation("ann", 5, expiresAt: _books.Now + 10));
        Assert.Equal("times", _books.Deny(_books.Debit("ann", 1)).Rule);
        _books.Now += 10;
        _books.Shop.Balance("ann"); // it expires
        _books.Shop.Refuse(LedgerResult.ReservationExpired, _books.Shop.Release(second));
        var third = _books.Reserve(_books.Reservation("ann", 5));
        _books.Shop.Accept(_books.Shop.Release(third));
        _books.Shop.Accept(_books.Debit("ann", 1));
        Assert.Equal("times", _books.Deny(_books.Debit("ann", 1)).Rule);
    }

    [Fact]
    public void A_policy_of_asset_and_wallet_and_lot_counts_an_operation_once()
    {
        var policy = _books.Put(new PolicyDraft { Rules = [new LimitRule { Window = LimitWindow.Month, Max = new(100) }] });
        _books.Shop.Accept(_books.BindingAsset(policy));
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        _books.Shop.Credit("ann", 200); // its lot is pinned to the asset's policy
        _books.Shop.Accept(_books.Debit("ann", 100));
        Assert.Equal(1, _books.Deny(_books.Debit("ann", 1)).Layer);
    }

    [Fact]
    public void A_prepaid_balance_has_a_ceiling_and_a_floor()
    {
        var prepaid = _books.Put(new PolicyDraft { Rules = [new BalanceRule { Id = "ceiling", Max = new(150) }, new BalanceRule { Id = "floor", Min = new(20) }] });
        _books.Shop.Accept(_books.BindingWallet("ann", prepaid));
        _books.Shop.Credit("ann", 100);
        _books.Shop.Credit("bob", 100);
        Assert.Equal("ceiling", _books.Deny(_books.Shop.Of(CommandKind.CreateCredit, "ann", 51)).Rule);
        Assert.Equal("ceiling", _books.Deny(_books.Shop.Transfer("bob", "ann", 51)).Rule);
        _books.Shop.Accept(_books.Shop.Transfer("bob", "ann", 50));
        Assert.Equal("floor", _books.Deny(_books.Reservation("ann", 131)).Rule);
        var held = _books.Reserve(_books.Reservation("ann", 130));
        _books.Shop.Accept(_books.Shop.Commit(held, 0, "bob"));
        Assert.Equal(20, _books.Shop.Balance("ann").Available);
    }

    [Theory]
    [InlineData(22 * 60, 21 * 60 + 59, false)]
    [InlineData(22 * 60, 22 * 60, true)]
    [InlineData(22 * 60, 24 * 60 + 119, true)]
    [InlineData(22 * 60, 24 * 60 + 120, false)]
    public void A_schedule_from_ten_to_two_runs_over_midnight(int from, int minute, bool allowed)
    {
        const long friday = 20_007; // the epoch was a Thursday
        var policy = _books.Put(new PolicyDraft { Rules = [new ScheduleRule { Days = 1 << 4, From = from, To = 120 }] });
        _books.Now = (friday * Day) + (minute * 60 * Second);
        _books.Shop.Credit("ann", 10);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        if (allowed) _books.Shop.Accept(_books.Debit("ann", 1));
        else Assert.Equal("0", _books.Deny(_books.Debit("ann", 1)).Rule);
    }

    [Fact]
    public void A_schedule_follows_its_zone_through_the_change_of_clocks()
    {
        const long spring = 20_177 * 86_400L + 3_600; // one in the morning UTC: clocks go from +1 to +2
        var policy = _books.Put(new PolicyDraft { Rules = [new ScheduleRule { From = 8 * 60, To = 9 * 60, Zone = [new(long.MinValue, 3_600), new(spring, 7_200)] }] });
        _books.Now = ((spring - 86_400) * Second) + Second; // two in the morning local, the day before
        _books.Shop.Credit("ann", 10);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        var eightBefore = (20_176 * Day) + (7 * Hour);
        _books.Now = eightBefore - 1;
        _books.Deny(_books.Debit("ann", 1));
        _books.Now = eightBefore;
        _books.Shop.Accept(_books.Debit("ann", 1));
        _books.Now = eightBefore + Day - Hour; // eight local is an hour earlier by UTC now
        _books.Shop.Accept(_books.Debit("ann", 1));
        _books.Now = eightBefore + Day;
        _books.Deny(_books.Debit("ann", 1));
    }

    [Fact]
    public void A_policy_says_when_its_lots_expire()
    {
        var policy = _books.Put(new PolicyDraft { Expiry = new(Ttl: 500, MaxTtl: 600), Rules = [new ExpiryRule(new(Ttl: 100)) { When = [PolicyBooks.When("intent", ConditionOperator.Equal, "gift")] }] });
        _books.Now = 1_000;
        _books.Shop.Accept(_books.Crediting("ann", 1, policy));
        _books.Shop.Accept(_books.With(_books.Crediting("ann", 1, policy), "gift"));
        var far = _books.Crediting("ann", 1, policy);
        far->ExpiresAt = 9_000;
        far->Flags |= CommandFlags.HasTerms;
        _books.Shop.Accept(far);
        Assert.Equal([1_500, 1_100, 1_600], _books.Shop.Lots("ann").Select(lot => (int)lot.ExpiresAt));
        var past = _books.Put(new PolicyDraft { Expiry = new(At: 900) });
        _books.Shop.Refuse(LedgerResult.ExpiryInPast, _books.Crediting("ann", 1, past));
    }

    [Fact]
    public void Lots_of_lower_priority_are_spent_first_unless_the_caller_says_how()
    {
        var late = _books.Put(new PolicyDraft { Priority = 200 });
        var early = _books.Put(new PolicyDraft { Priority = 10, Strategy = SelectionStrategy.Lifo });
        _books.Shop.Accept(_books.Crediting("ann", 1, late));
        _books.Shop.Credit("ann", 2);
        _books.Shop.Accept(_books.Crediting("ann", 4, early));
        _books.Shop.Accept(_books.Crediting("ann", 8, early));
        int[] Left() => _books.Shop.Lots("ann").Select(lot => (int)lot.Available).ToArray();

        _books.Shop.Accept(_books.Debit("ann", 9));
        Assert.Equal([1, 2, 3], Left());
        _books.Shop.Accept(_books.Debit("ann", 4));
        Assert.Equal([1, 1], Left());
        var fifo = _books.Debit("ann", 1);
        fifo->Strategy = SelectionStrategy.ExplicitFifo;
        _books.Shop.Accept(fifo);
        Assert.Equal([1], Left());
    }

    [Fact]
    public void Counterparties_are_named_by_number_or_by_external_id()
    {
        var bob = CommandArena.HashOf("bob");
        var policy = _books.Put(new PolicyDraft { Rules = [new CounterpartyRule { Id = "friends", Allowed = [PolicyValue.OfAlias(bob.Lo, bob.Hi)] }] });
        _books.Shop.Credit("ann", 10);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        Assert.Equal("friends", _books.Deny(_books.Shop.Transfer("ann", "pool", 1)).Rule);
        _books.Shop.Accept(_books.Shop.Transfer("ann", "bob", 1));
        _books.Shop.Accept(_books.Debit("ann", 1));
        var held = _books.Reserve(_books.Reservation("ann", 2));
        Assert.Equal("friends", _books.Deny(_books.Shop.Commit(held, 0, "pool")).Rule);
        _books.Shop.Accept(_books.Shop.Commit(held, 0, "bob"));
    }

    [Fact]
    public void Decimals_are_brought_to_the_asset_s_scale()
    {
        var asset = _books.Shop.New(CommandKind.CreateAsset);
        asset->AssetCode = AssetCode.Pack("CHP"u8);
        asset->Subject = 1;
        _books.Shop.Accept(asset);
        var policy = _books.Put(new PolicyDraft { Rules = [new AmountRule { Id = "range", Min = new(1_01, 2), Max = new(2_99, 2) }] });
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        Command* Credit(int amount)
        {
            var command = _books.Shop.Of(CommandKind.CreateCredit, "ann", amount);
            command->AssetCode = AssetCode.Pack("CHP"u8);
            return command;
        }

        _books.Deny(Credit(10));
        _books.Shop.Accept(Credit(11));
        _books.Shop.Accept(Credit(29));
        _books.Deny(Credit(30));
    }

    [Fact]
    public void A_batch_sees_the_counters_of_its_own_operations()
    {
        var policy = _books.Put(new PolicyDraft { Rules = [new LimitRule { Window = LimitWindow.Day, Max = new(10) }] });
        _books.Shop.Credit("ann", 100);
        _books.Shop.Accept(_books.BindingWallet("ann", policy));
        _books.Deny(_books.Shop.Several(CommandKind.AtomicBatch, (nint)_books.Debit("ann", 6), (nint)_books.Debit("ann", 5)));
        _books.Shop.Accept(_books.Shop.Several(CommandKind.AtomicBatch, (nint)_books.Debit("ann", 6), (nint)_books.Debit("ann", 4)));
        _books.Deny(_books.Debit("ann", 1));
    }

    [Fact]
    public void A_batch_under_policies_leaves_no_trace_when_its_last_operation_is_refused()
    {
        var bonus = _books.Put(new PolicyDraft { Rules = [new WageringRule { Required = new(10) }, new LimitRule { PerLot = true, Window = LimitWindow.Day, Max = new(50) }] });
        _books.Shop.Accept(_books.Crediting("ann", 100, bonus));
        RuleDraft[] capped = [new LimitRule { Window = LimitWindow.Lifetime, Max = new(5) }];
        Command* Batch(int last) => _books.Shop.Several(
            CommandKind.AtomicBatch,
            (nint)_books.Crediting("bob", 20, restrictions: capped, attributes: [("a", PolicyValue.OfNumber(1))]),
            (nint)_books.With(_books.Reservation("ann", 20), "wager", ("game", PolicyValue.OfText("slots"))),
            (nint)_books.With(_books.Debit("ann", 12), "wager"),
            (nint)_books.Debit("bob", 3),
            (nint)_books.Debit("bob", last));

        _books.Shop.Rig.ChecksDecisions = true;
        Assert.Equal((4, "0"), _books.Deny(Batch(3)) is var denied ? (denied.Layer, denied.Rule) : default);
        _books.Shop.Accept(Batch(2));
        Assert.Equal((0, PolicyLimits.DefaultNumber), ((int)_books.Shop.Lots("ann")[0].Wagering, _books.Shop.Lots("ann")[0].Policy));
        _books.Deny(_books.Debit("bob", 1));
    }
}
