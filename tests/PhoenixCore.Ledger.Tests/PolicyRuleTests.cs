using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Every type of rule on every layer: what it denies, what it lets pass, and that the evaluation says so too.</summary>
public sealed unsafe class PolicyRuleTests : IDisposable
{
    private const long Hour = 3_600_000_000_000;

    private readonly PolicyBooks _books = new();

    public static TheoryData<string, int> Deniable
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var type in (string[])["category", "operation", "intent", "context", "amount", "limit", "balance", "counterparty", "schedule"])
            {
                for (var layer = 1; layer <= 4; layer++) data.Add(type, layer);
            }

            data.Add("attribute", 3);
            data.Add("attribute", 4);
            data.Add("wagering", 3);
            return data;
        }
    }

    public void Dispose()
    {
        _books.Replay();
        _books.Dispose();
    }

    [Theory]
    [MemberData(nameof(Deniable))]
    public void A_rule_denies_on_its_layer_and_lets_the_rest_pass(string type, int layer)
    {
        Place(RuleOf(type), layer);
        var denied = DeniedBy(type);
        Assert.Equal((layer, "rule"), _books.Deny(denied) is var refusal ? (refusal.Layer, refusal.Rule) : default);
        var (result, verdicts) = Evaluate(denied);
        Assert.Equal(LedgerResult.PolicyViolation, result);
        Assert.Equal([layer], verdicts.Where(verdict => !verdict.IsAllowed).Select(verdict => verdict.Layer).Distinct());
        Assert.Equal(layer > 2 ? _books.Shop.Lots("ann").Single().Number : 0, verdicts.First(verdict => !verdict.IsAllowed).Lot);

        var allowed = AllowedBy(type);
        (result, verdicts) = Evaluate(allowed);
        Assert.Equal(LedgerResult.Accepted, result);
        Assert.All(verdicts, verdict => Assert.True(verdict.IsAllowed));
        _books.Shop.Accept(allowed);
    }

    [Theory]
    [InlineData("attribute", 1)]
    [InlineData("attribute", 2)]
    [InlineData("wagering", 1)]
    [InlineData("wagering", 2)]
    [InlineData("expiry", 1)]
    [InlineData("expiry", 2)]
    public void What_is_about_lots_says_nothing_on_the_layers_above(string type, int layer)
    {
        Place(RuleOf(type), layer);
        Assert.Equal(LedgerResult.Accepted, Evaluate(DeniedBy(type)).Result);
        _books.Shop.Accept(DeniedBy(type));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void An_expiry_rule_denies_nothing_and_ends_the_lot(int layer)
    {
        Place(RuleOf("expiry"), layer);
        Assert.Equal(_books.Now + Hour, _books.Shop.Lots("ann").Single().ExpiresAt);
        _books.Shop.Accept(DeniedBy("expiry"));
        _books.Now += Hour;
        Assert.Equal(LedgerResult.InsufficientBalance, _books.Shop.Run(_books.Debit("ann", 1)).Result); // after the lot's expiry
    }

    [Fact]
    public void Wagering_is_no_restriction() => Assert.False(PolicyCompiler.TryCompileRestrictions([RuleOf("wagering")], out _, out _));

    /// <summary>100 points of ann's, and the rule where it belongs.</summary>
    private void Place(RuleDraft rule, int layer)
    {
        var policy = layer < 4 ? _books.Put(new PolicyDraft { Rules = [rule] }) : 0;
        _books.Shop.Accept(_books.Crediting("ann", 100, layer == 3 ? policy : 0, layer == 4 ? [rule] : null, [("kind", PolicyValue.OfText("promo"))]));
        _books.Shop.Credit("bob", 1);
        if (layer == 2) _books.Shop.Accept(_books.BindingWallet("ann", policy));
        if (layer == 1) _books.Shop.Accept(_books.BindingAsset(policy));
    }

    private static RuleDraft RuleOf(string type) => type switch
    {
        "category" => new CategoryRule { Id = "rule", Denied = ["games"] },
        "operation" => new OperationRule { Id = "rule", Denied = [PolicyOperation.Consume] },
        "intent" => new IntentRule { Id = "rule", Denied = ["gift"] },
        "attribute" => new AttributeRule(new("kind", ConditionOperator.Equal, PolicyValue.OfText("cash"))) { Id = "rule", When = [PolicyBooks.When("intent", ConditionOperator.Equal, "gift")] },
        "context" => new ContextRule(new("game", ConditionOperator.Equal, PolicyValue.OfText("chess"))) { Id = "rule" },
        "amount" => new AmountRule { Id = "rule", Max = new(10) },
        "limit" => new LimitRule { Id = "rule", Window = LimitWindow.Lifetime, Max = new(10) },
        "balance" => new BalanceRule { Id = "rule", Min = new(90) },
        "expiry" => new ExpiryRule(new(Ttl: Hour)) { Id = "rule" },
        "counterparty" => new CounterpartyRule { Id = "rule", Denied = [Alias("bob")] },
        "schedule" => new ScheduleRule { Id = "rule", From = 60, To = 120 },
        _ => new WageringRule { Id = "rule", Required = new(1_000) },
    };

    private Command* DeniedBy(string type) => type switch
    {
        "category" => _books.With(_books.Debit("ann", 1), null, ("category", PolicyValue.OfText("games"))),
        "operation" or "schedule" => _books.Debit("ann", 1),
        "intent" or "attribute" => _books.With(_books.Debit("ann", 1), "gift"),
        "context" => _books.With(_books.Debit("ann", 1), null, ("game", PolicyValue.OfText("poker"))),
        "counterparty" => _books.Shop.Transfer("ann", "bob", 1),
        "wagering" or "expiry" => _books.With(_books.Debit("ann", 1), "cashout"),
        _ => _books.Debit("ann", 11),
    };

    private Command* AllowedBy(string type)
    {
        if (type == "schedule") _books.Now += Hour;
        return type switch
        {
            "category" => _books.With(_books.Debit("ann", 1), null, ("category", PolicyValue.OfText("food"))),
            "operation" => _books.Shop.Transfer("ann", "bob", 1),
            "intent" or "attribute" or "wagering" => _books.With(_books.Debit("ann", 1), "purchase"),
            "context" => _books.With(_books.Debit("ann", 1), null, ("game", PolicyValue.OfText("chess"))),
            "counterparty" => _books.Shop.Transfer("ann", "pool", 1),
            "schedule" => _books.Debit("ann", 1),
            _ => _books.Debit("ann", 10),
        };
    }

    private static PolicyValue Alias(string wallet)
    {
        var (lo, hi) = CommandArena.HashOf(wallet);
        return PolicyValue.OfAlias(lo, hi);
    }

    private (LedgerResult Result, VerdictView[] Verdicts) Evaluate(Command* command)
    {
        var isTransfer = command->Kind == CommandKind.CreateTransfer;
        return _books.Evaluate(command, isTransfer ? PolicyOperation.TransferOut : PolicyOperation.Consume);
    }
}
