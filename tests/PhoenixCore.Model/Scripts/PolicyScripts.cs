using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Scripts;

/// <summary>Makes commands about policies, and lets the others speak to them.</summary>
internal sealed class PolicyScripts(Chooser choose)
{
    private const int PoliciesMax = 14;

    private readonly SplitMix64 _random = choose.Random;
    private readonly RuleScripts _rules = new(choose);

    public ModelCommand Any() => _random.Weighted(22, 22, 14, 34, 8) switch
    {
        0 when choose.Named.Policies().Count < PoliciesMax => new PutPolicy(null, Version()),
        0 or 1 => new PutPolicy(_rules.AnyPolicy(), Version()),
        2 => Status(),
        3 => BindWallet(),
        _ => new BindAsset(choose.Spoil() ? "NOPE" : _random.Pick(choose.Named.Assets()).Code, List(choose.Named.PoliciesOfAsset, 50, 1)),
    };

    /// <summary>The same command with an intent, a context, a policy, restrictions or a strategy of its own.</summary>
    public ModelCommand Dress(ModelCommand command) => command switch
    {
        CreateCredit c => Credit(c),
        CreateDebit c => c with { Input = Input(), Selection = Strategy(c.Selection) },
        CreateReservation c => c with { Input = Input(), Selection = Strategy(c.Selection) },
        IncrementReservation c => c with { Selection = Strategy(c.Selection) },
        CommitReservation c => c with { Input = Input() },
        CreateTransfer c => c with { Legs = [.. c.Legs.Select(leg => leg with { Input = Input(), Selection = Strategy(leg.Selection) })] },
        CreateWallet c => c with { Policies = _random.Percent(30) ? List(_ => [], 0, 2) : [] },
        AtomicBatch c => c with { Operations = [.. c.Operations.Select(operation => _random.Percent(4) ? Any() : Dress(operation))] },
        _ => command,
    };

    private PolicyInput Input() => _random.Percent(55) ? _rules.Input() : PolicyInput.None;

    private Selection Strategy(Selection selection) => selection.Strategy switch
    {
        SelectionStrategy.Fifo => _random.Percent(20) ? Selection.ExplicitFifo : selection,
        SelectionStrategy.Lifo or SelectionStrategy.ExpiringFirst => _random.Percent(50) ? Selection.Fifo : selection,
        _ => selection,
    };

    private CreateCredit Credit(CreateCredit command)
    {
        var pooled = choose.Named.Wallets().Any(wallet => wallet.ExternalId == command.Wallet && wallet.Pooled);
        command = command with { Input = Input() };
        if (pooled || command.Lot is not null) return command;
        if (_random.Percent(65)) command = command with { Policy = Usable() };
        return _random.Percent(25) ? command with { Terms = command.Terms with { Restrictions = new(_rules.Several(2, forLot: true, least: 1)) } } : command;
    }

    private PolicyVersion Version() => new()
    {
        Operations = _random.Percent(12) ? [.. Enum.GetValues<PolicyOperation>().Where(_ => _random.Percent(75))] : [],
        Intents = _random.Percent(12) ? _random.Pick<IReadOnlyList<string>>([["*"], ["deposit", "transfer", "wager", "reserve"], ["deposit", "withdrawal", "consume", "purchase"]]) : [],
        Rules = _rules.Several(3, forLot: false),
        Strategy = _random.Percent(50) ? null : _random.Pick([SelectionStrategy.Fifo, SelectionStrategy.Lifo, SelectionStrategy.ExpiringFirst]),
        Priority = _random.Percent(50) ? null : _random.Pick([0, 50, 100, 1_000]),
        Expiry = _random.Percent(20) ? _rules.Expiry() : new(),
    };

    private SetPolicyStatus Status()
    {
        var sleeping = choose.Named.Policies().Where(policy => policy.Status == PolicyStatus.Inactive).ToList();
        if (sleeping.Count > 0 && _random.Percent(70)) return new(_random.Pick(sleeping).Id, PolicyStatus.Active);
        return new(_rules.AnyPolicy(), (PolicyStatus)_random.Weighted(45, 30, 25));
    }

    private BindWallet BindWallet()
    {
        var wallet = choose.Wallet();
        return new(wallet, List(_ => choose.Named.PoliciesOfWallet(wallet), 30, 2));
    }

    /// <summary>Nothing in so many percent; else usable ones, now and then one that is bound already, is none, or stands there twice.</summary>
    private List<int> List(Func<string, IReadOnlyList<int>> bound, int nothing, int most)
    {
        if (_random.Percent(nothing)) return [];
        var list = Enumerable.Range(0, _random.Between(1, most)).Select(_ => Usable()).Distinct().ToList();
        if (_random.Percent(20)) list = [.. list.Concat(bound("PTS")).Distinct().Take(3)];
        if (choose.Spoil()) list.Add(_random.Percent(50) ? list[0] : _rules.AnyPolicy());
        return list;
    }

    private int Usable()
    {
        var active = choose.Named.Policies().Where(policy => policy.Status == PolicyStatus.Active).ToList();
        return choose.Spoil() || active.Count == 0 ? _rules.AnyPolicy() : _random.Pick(active).Id;
    }
}
