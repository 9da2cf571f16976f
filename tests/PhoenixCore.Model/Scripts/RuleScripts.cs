using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Scripts;

/// <summary>Makes rules and the words that requests say to them, both of few words, so that they often meet.</summary>
internal sealed class RuleScripts(Chooser choose)
{
    private static readonly IReadOnlyList<string> Intents = ["purchase", "cashout", "withdrawal", "wager", "gift"];
    private static readonly IReadOnlyList<string> Categories = ["food", "books", "games"];
    private static readonly IReadOnlyList<string> Games = ["slots", "roulette", "dice"];
    private static readonly IReadOnlyList<PolicyOperation> Operations = Enum.GetValues<PolicyOperation>();
    private static readonly IReadOnlyList<string?> Ids = [null, null, null, "a", "b", "cap", "sum"];

    private readonly SplitMix64 _random = choose.Random;

    /// <summary>At most one of equal ids, at most one wagering rule.</summary>
    public List<Rule> Several(int most, bool forLot, int least = 0)
    {
        var rules = new List<Rule>();
        for (var left = _random.Between(least, most); left > 0; left--)
        {
            var rule = One(forLot);
            var taken = rules.Select((earlier, place) => earlier.Id ?? place.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (rule is WageringRule && rules.Exists(earlier => earlier is WageringRule)) continue;
            rules.Add(rule with { Id = taken.Contains(rule.Id) ? null : rule.Id });
        }

        return rules;
    }

    public PolicyInput Input()
    {
        var intent = _random.Percent(45) ? null : _random.Pick(Intents);
        return new(intent, _random.Percent(40) ? Values() : null, _random.Percent(25) ? Values() : []);
    }

    /// <summary>Times in nanoseconds, as close as those of commands.</summary>
    public ExpiryTerms Expiry() => new(
        _random.Percent(45) ? _random.Between(1, 60) : null,
        _random.Percent(12) ? choose.Stamp + _random.Between(-2, 90) : null,
        _random.Percent(20) ? _random.Between(5, 80) : null);

    private Rule One(bool forLot)
    {
        var rule = Plain(_random.Weighted(11, 7, 9, 14, 8, 10, 26, 9, 8, 10, 8, forLot ? 0 : 14));
        var when = rule is WageringRule || _random.Percent(50) ? [] : Enumerable.Range(0, _random.Weighted(80, 20) + 1).Select(_ => Condition()).ToList();
        return rule with { Id = _random.Pick(Ids), When = when };
    }

    private Rule Plain(int type) => type switch
    {
        0 => new CategoryRule(Some(Categories, 50), Some(Categories, 30), _random.Percent(80) ? "category" : "shop.kind"),
        1 => new OperationRule(_random.Percent(30) ? [PolicyOperation.Credit, PolicyOperation.TransferIn, PolicyOperation.Reserve, PolicyOperation.Commit] : [], Some(Operations, 60)),
        2 => new IntentRule(_random.Percent(30) ? [.. Some(Intents, 100), "deposit", "transfer"] : [], Some(Intents, 60)),
        3 => new AttributeRule(AttributeCondition()),
        4 => new ContextRule(Condition()),
        5 => new AmountRule(_random.Percent(40) ? Amount(1, 3) : null, _random.Percent(70) ? Amount(3, 15) : null),
        6 => Limit(),
        7 => new BalanceRule(_random.Percent(60) ? Amount(0, 20) : null, _random.Percent(60) ? Amount(30, 120) : null),
        8 => new ExpiryRule(Expiry()),
        9 => new CounterpartyRule(_random.Percent(40) ? Wallets(3) : [], _random.Percent(60) ? Wallets(2) : []),
        10 => new ScheduleRule(_random.Percent(50) ? 0 : _random.Between(1, 127), _random.Percent(40) ? 0 : _random.Below(1_440), _random.Percent(40) ? 1_440 : _random.Below(1_441), Zone()),
        _ => Wagering(),
    };

    private LimitRule Limit()
    {
        var count = _random.Percent(35);
        var window = (LimitWindow)_random.Weighted(12, 22, 12, 10, 8, 36);
        var duration = window == LimitWindow.Duration ? _random.Pick<long>([40, 97, 300, 3_600_000_000_000]) : 0;
        return new(count, window, duration, _random.Percent(35), count ? new(_random.Between(1, 3)) : Amount(4, 25));
    }

    private WageringRule Wagering()
    {
        var byAmount = _random.Percent(50);
        IReadOnlyList<(string, RuleAmount)> contribution = [("roulette", new(_random.Pick<BigInteger>([10, 50, 33]))), ("dice", _random.Percent(50) ? new(0) : new(125, 1))];
        var release = _random.Percent(50) ? (int?)null : AnyPolicy();
        return new(byAmount ? Amount(1, 30) : null, byAmount ? null : new(_random.Between(1, 25), 1), _random.Percent(70) ? contribution : [], release);
    }

    public int AnyPolicy() => choose.Spoil() ? Chooser.UnknownOrdinal : _random.Pick(choose.Named.Policies()).Id;

    private Condition AttributeCondition() => _random.Below(5) switch
    {
        0 => new("withdrawable", Comparison.Equal, new FlagValue(_random.Percent(60))),
        1 => new("tag", _random.Percent(50) ? Comparison.Equal : Comparison.NotEqual, new TextValue(_random.Percent(50) ? "promo" : "gift")),
        2 => new("level", Relation(), new NumberValue(_random.Between(10, 25), 1)),
        3 => new("tag", Comparison.Exists, new FlagValue(_random.Percent(50))),
        _ => new("tag", Comparison.NotIn, new TextValue("promo"), new TextValue("x")),
    };

    private Condition Condition() => _random.Below(14) switch
    {
        0 or 1 => new("operation", _random.Percent(50) ? Comparison.Equal : Comparison.NotEqual, Operation()),
        2 => new("operation", Comparison.In, Operation(), Operation()),
        3 or 4 => new("intent", _random.Percent(50) ? Comparison.Equal : Comparison.NotEqual, new TextValue(_random.Pick(Intents))),
        5 => new("category", _random.Percent(50) ? Comparison.NotEqual : Comparison.Less, new TextValue(_random.Pick(Categories))),
        6 => new("tier", Relation(), new NumberValue(_random.Between(5, 30), 1)),
        7 => new("vip", _random.Percent(50) ? Comparison.Equal : Comparison.NotEqual, new FlagValue(_random.Percent(50))),
        8 => new("asset", Comparison.NotIn, new TextValue(_random.Pick(Chooser.Assets)), new TextValue("EUR")),
        9 => new(_random.Percent(50) ? "wallet.external_id" : "counterparty.external_id", _random.Percent(50) ? Comparison.NotIn : Comparison.In, new WalletValue(choose.Wallet()), new WalletValue(choose.Wallet())),
        10 => new(_random.Percent(50) ? "wallet.id" : "counterparty.id", _random.Percent(50) ? Comparison.NotEqual : Comparison.Equal, new WalletValue("house_wallet")),
        11 => _random.Percent(50) ? new("lot.source", Comparison.Equal, new TextValue("transfer")) : new("lot.age", Relation(), new NumberValue(1)),
        12 => new("shop.kind", Comparison.Contains, new TextValue("oo")),
        _ => new(_random.Percent(50) ? "game" : "category", Comparison.Exists, new FlagValue(_random.Percent(50))),
    };

    private TextValue Operation() => new(_random.Pick(["credit", "consume", "transfer", "transfer_out", "transfer_in", "reserve", "commit"]));

    private Comparison Relation() => _random.Pick([Comparison.Greater, Comparison.GreaterOrEqual, Comparison.Less, Comparison.LessOrEqual]);

    public RuleAmount Amount(int from, int to) => _random.Percent(80) ? new(_random.Between(from, to)) : new((10 * _random.Between(from, to)) + _random.Below(10), 1);

    private List<(string Name, Value Value)> Values()
    {
        var values = new List<(string, Value)>();
        if (_random.Percent(70)) values.Add(("category", _random.Percent(85) ? new TextValue(_random.Pick(Categories)) : new NumberValue(7)));
        if (_random.Percent(60)) values.Add(("tier", _random.Percent(85) ? new NumberValue(_random.Between(5, 30), 1) : new TextValue("gold")));
        if (_random.Percent(40)) values.Add(("vip", new FlagValue(_random.Percent(50))));
        if (_random.Percent(60)) values.Add(("game", new TextValue(_random.Pick(Games))));
        if (_random.Percent(25)) values.Add(("shop.kind", new TextValue(_random.Pick(Categories))));
        if (_random.Percent(5)) values.Add(("operation", new TextValue("credit")));
        return values;
    }

    private List<T> Some<T>(IReadOnlyList<T> things, int percent) => _random.Percent(percent) ? [.. Enumerable.Range(0, _random.Between(1, 2)).Select(_ => _random.Pick(things)).Distinct()] : [];

    private List<string> Wallets(int most) => [.. Enumerable.Range(0, _random.Between(1, most)).Select(_ => choose.Wallet()).Distinct()];

    private List<(long, int)> Zone()
    {
        var seconds = choose.Stamp / 1_000_000_000;
        return _random.Percent(60) ? [] : [(long.MinValue, 3_600 * _random.Between(-11, 11)), (seconds + (86_400 * _random.Below(20)), 1_800 * _random.Between(-22, 22))];
    }
}
