using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>What an evaluation says is what the operation does, for random wallets, lots and policies.</summary>
public sealed unsafe class EvaluationProperties
{
    private const long Hour = 3_600_000_000_000;

    private static readonly string[] Intents = ["gift", "purchase", "cashout", "wager"];
    private static readonly string[] Categories = ["food", "games"];
    private static readonly string[] Wallets = ["ann", "bob", "pool"];
    private static readonly int Scripts = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 400 : 25;

    [Fact]
    public void An_evaluation_says_what_the_operation_does_with_the_same_code()
    {
        var (accepted, violated) = (0, 0);
        for (var seed = 1; seed <= Scripts; seed++)
        {
            using var books = new PolicyBooks { Now = 20_000L * 24 * Hour };
            var random = new Random(seed);
            Arrange(books, random);
            for (var step = 0; step < 60; step++)
            {
                books.Now += random.Next(3) == 0 ? random.NextInt64(Hour) : 1;
                var command = CommandOf(books, random, out var operation);
                books.Shop.Balance("ann"); // what is due expires
                books.Shop.Balance("bob");
                var evaluation = books.Evaluate(command, operation);
                var result = books.Shop.Run(command).Result;
                Assert.Equal((seed, step, result), (seed, step, evaluation.Result));
                if (operation != PolicyOperation.Credit && command->Strategy != SelectionStrategy.Specific && result == LedgerResult.Accepted)
                    Assert.All(evaluation.Verdicts.Where(verdict => verdict.Layer <= 2), verdict => Assert.True(verdict.IsAllowed));
                accepted += result == LedgerResult.Accepted ? 1 : 0;
                violated += result == LedgerResult.PolicyViolation ? 1 : 0;
            }

            books.Replay();
        }

        Assert.True(accepted > Scripts * 10 && violated > Scripts * 5, $"{accepted} accepted, {violated} violated");
    }

    private static void Arrange(PolicyBooks books, Random random)
    {
        var policies = Enumerable.Range(0, 4).Select(_ => books.Put(DraftOf(random))).ToArray();
        for (var lot = random.Next(1, 7); lot > 0; lot--)
        {
            RuleDraft[]? restrictions = random.Next(3) == 0 ? [RuleOf(random)] : null;
            books.Shop.Accept(books.Crediting("ann", random.Next(1, 200), random.Next(2) == 0 ? 0 : policies[random.Next(4)], restrictions, random.Next(2) == 0 ? [("kind", PolicyValue.OfText("promo"))] : null));
        }

        books.Shop.Credit("bob", 300);
        books.Shop.Credit("pool", 300);
        books.Shop.Accept(books.BindingWallet("ann", [.. policies.Where(_ => random.Next(4) == 0)]));
        books.Shop.Accept(books.BindingWallet("bob", [.. policies.Where(_ => random.Next(4) == 0)]));
        books.Shop.Accept(books.BindingAsset([.. policies.Where(_ => random.Next(6) == 0)]));
        if (random.Next(4) == 0) books.Put(DraftOf(random), policies[0]); // what is bound follows, what is pinned stays
        if (random.Next(8) == 0) books.Shop.Accept(books.SettingStatus(policies[1], PolicyStatus.Inactive));
    }

    private static PolicyDraft DraftOf(Random random) => new()
    {
        Operations = random.Next(6) == 0 ? [PolicyOperation.Consume, PolicyOperation.Credit, PolicyOperation.Reserve, PolicyOperation.Commit] : [],
        Intents = random.Next(6) == 0 ? ["purchase", "wager", "consume", "deposit", "transfer"] : [],
        Rules = [.. Enumerable.Range(0, random.Next(3)).Select(index => RuleOf(random) with { Id = $"r{index}" })],
        Priority = random.Next(3) == 0 ? random.Next(200) : null,
        Strategy = random.Next(5) switch { 0 => SelectionStrategy.Lifo, 1 => SelectionStrategy.ExpiringFirst, _ => null },
        Expiry = random.Next(6) == 0 ? new(Ttl: random.NextInt64(Hour, 8 * Hour)) : default,
    };

    private static RuleDraft RuleOf(Random random)
    {
        ConditionDraft[] when = random.Next(3) == 0 ? [PolicyBooks.When("intent", ConditionOperator.Equal, Intents[random.Next(4)])] : [];
        return random.Next(9) switch
        {
            0 => new CategoryRule { Denied = ["games"], When = when },
            1 => new OperationRule { Denied = [(PolicyOperation)random.Next(1, 7)], When = when },
            2 => new IntentRule { Denied = [Intents[random.Next(4)]], When = when },
            3 => new AttributeRule(new("kind", ConditionOperator.NotEqual, PolicyValue.OfText("promo"))) { When = when },
            4 => new AmountRule { Min = new(random.Next(5)), Max = new(random.Next(20, 150)), When = when },
            5 => new LimitRule { Window = random.Next(2) == 0 ? LimitWindow.Day : LimitWindow.Lifetime, Max = new(random.Next(50, 300)), PerLot = random.Next(2) == 0, When = when },
            6 => new LimitRule { Window = LimitWindow.Day, CountsOperations = true, Max = new(random.Next(2, 9)), When = when },
            7 => new BalanceRule { Min = new(random.Next(40)), Max = new(random.Next(500, 1_500)), When = when },
            _ => new ContextRule(new("category", ConditionOperator.NotEqual, PolicyValue.OfText("games"))) { When = when },
        };
    }

    private static Command* CommandOf(PolicyBooks books, Random random, out PolicyOperation operation)
    {
        var amount = random.Next(1, 120);
        var from = Wallets[random.Next(5) == 0 ? random.Next(3) : 0];
        var kind = random.Next(5);
        operation = kind switch { 0 => PolicyOperation.Credit, 1 => PolicyOperation.TransferOut, 2 => PolicyOperation.Reserve, _ => PolicyOperation.Consume };
        var command = kind switch
        {
            0 => books.Shop.Of(CommandKind.CreateCredit, from, amount),
            1 => books.Shop.Transfer(from, from == "bob" ? "ann" : random.Next(2) == 0 ? "bob" : from == "pool" ? "ann" : "pool", amount),
            2 => books.Reservation(from, amount),
            _ => books.Debit(from, amount),
        };
        if (kind != 0) Select(books, random, from, command);
        if (random.Next(3) != 0) books.With(command, random.Next(3) == 0 ? null : Intents[random.Next(4)], ("category", PolicyValue.OfText(Categories[random.Next(2)])));
        return command;
    }

    private static void Select(PolicyBooks books, Random random, string from, Command* command)
    {
        command->Strategy = random.Next(6) switch
        {
            0 => SelectionStrategy.ExplicitFifo,
            1 => SelectionStrategy.Lifo,
            2 => SelectionStrategy.ExpiringFirst,
            3 => SelectionStrategy.Specific,
            _ => SelectionStrategy.Fifo,
        };
        if (command->Strategy != SelectionStrategy.Specific) return;
        var lots = books.Shop.Lots(from).Select(lot => lot.Number).Where(_ => random.Next(2) == 0).ToArray();
        if (lots.Length == 0)
        {
            command->Strategy = SelectionStrategy.Fifo;
            return;
        }

        command->Arguments = books.Shop.Arena.Numbers(lots);
        command->ArgumentCount = lots.Length;
    }
}
