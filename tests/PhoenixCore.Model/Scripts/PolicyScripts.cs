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
        IncrementReservation c => c with { Input = Input(), Selection = Strategy(c.Selection) },
        CommitReservation c => Capture(c),
        CreateTransfer c => c with { Legs = [.. c.Legs.Select(Leg)] },
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
        command = command with { Input = Input() };
        if ((IsPooled(command.Wallet) || command.Lot is not null) && !choose.Spoil()) return command; // what these are given beside is refused
        if (_random.Percent(65)) command = command with { Policy = Usable() };
        return _random.Percent(25) ? command with { Terms = Restricted(command.Terms) } : command;
    }

    private TransferLeg Leg(TransferLeg leg)
    {
        leg = leg with { Input = Input(), Selection = Strategy(leg.Selection) };
        if (!Arrives(leg.To, leg.Destination, out var terms)) return leg;
        return leg with { Destination = terms, DestinationPolicy = _random.Percent(65) ? Usable() : null };
    }

    /// <summary>Now and then of more than is held, and of this mostly little enough to be granted.</summary>
    private CommitReservation Capture(CommitReservation command)
    {
        command = command with { Input = Input() };
        var held = choose.Named.PendingReservations().FirstOrDefault(reservation => reservation.Id == command.Reservation);
        var isGranted = held is not null && (choose.Named.PoliciesOfWallet(held.Wallet).Count + choose.Named.PoliciesOfAsset(held.Asset).Count) > 0;
        if (held is not null && _random.Percent(isGranted ? 40 : 4)) command = command with { Amount = held.Remaining + _random.Between(1, 2), Final = !choose.Spoil() };
        if (command.To is not { } to || !Arrives(to, command.Destination, out var terms)) return command;
        return command with { Destination = terms, DestinationPolicy = _random.Percent(65) ? Usable() : null };
    }

    /// <summary>Terms of their own for what arrives: those given, or new ones, some with restrictions.</summary>
    private bool Arrives(string to, Terms? given, out Terms terms)
    {
        terms = given ?? Terms.Plain;
        if (given is null && !_random.Percent(14)) return false;
        if (IsPooled(to) && !choose.Spoil()) return false;
        if (_random.Percent(30)) terms = Restricted(terms);
        return true;
    }

    private bool IsPooled(string wallet) => choose.Named.Wallets().Any(view => view.ExternalId == wallet && view.Pooled);

    private Terms Restricted(Terms terms) => terms with { Restrictions = new(_rules.Several(2, forLot: true, least: 1)) };

    private PolicyVersion Version() => new()
    {
        Operations = _random.Percent(12) ? [.. Enum.GetValues<PolicyOperation>().Where(_ => _random.Percent(75))] : [],
        Intents = _random.Percent(12) ? _random.Pick<IReadOnlyList<string>>([["*"], ["deposit", "transfer", "wager", "reserve"], ["deposit", "withdrawal", "consume", "purchase"]]) : [],
        Rules = _rules.Several(3, forLot: false),
        Strategy = _random.Percent(50) ? null : _random.Pick([SelectionStrategy.Fifo, SelectionStrategy.Lifo, SelectionStrategy.ExpiringFirst]),
        Priority = _random.Percent(50) ? null : _random.Pick([0, 50, 100, 1_000]),
        Expiry = _random.Percent(20) ? _rules.Expiry() : new(),
        OvercapturePercent = _random.Percent(40) ? _random.Pick<RuleAmount>([new(100), new(50), new(333, 1), new(_random.Between(0, 100))]) : null,
        OvercaptureAmount = _random.Percent(35) ? _rules.Amount(0, 5) : null,
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
