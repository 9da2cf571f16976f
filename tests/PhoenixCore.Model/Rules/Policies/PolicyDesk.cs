using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>Asks the layers about one operation and remembers what it counts; the books change only in <see cref="Charge"/>.</summary>
internal sealed class PolicyDesk(Draft draft)
{
    private readonly List<Charge> _charges = [];
    private readonly HashSet<CounterName> _whole = []; // counted by layers 1–2: not again in this operation
    private readonly RuleJudge _judge = new(draft);

    /// <summary>What the accepted parts of the operation have counted.</summary>
    public IReadOnlyList<Charge> Charges => _charges;

    /// <summary>Layers 1 and 2.</summary>
    public ModelResult AskOperation(Question question)
    {
        var first = AskLayer(question, 1);
        return first == ModelResult.Accepted ? AskLayer(question, 2) : first;
    }

    /// <summary>Layer 1 or 2.</summary>
    public ModelResult AskLayer(Question question, int layer)
    {
        var books = draft.Books;
        var policies = layer == 1 ? books.AssetPolicies.GetValueOrDefault(question.Asset) : books.WalletPolicies.GetValueOrDefault(question.Wallet);
        foreach (var policy in policies ?? [])
        {
            var pin = new PolicyPin(policy, books.Policies[policy].Latest);
            draft.Violation = AskVersion(new(question, layer, pin, null, question.Amount), _whole);
            if (draft.Violation is not null) return ModelResult.PolicyViolation;
        }

        return ModelResult.Accepted;
    }

    /// <summary>Layers 3 and 4 of a lot that would give this slice, for each question in turn.</summary>
    /// <returns>The first denial; null: the lot may give, and is counted.</returns>
    public Violation? AskLot(IReadOnlyList<Question> questions, Lot lot, BigInteger slice)
    {
        if (lot.Pooled) return null;

        var before = _charges.Count;
        var counted = new HashSet<CounterName>();
        foreach (var question in questions)
        {
            Violation? denial = null;
            if (lot.Terms.Pin is { } pin) denial = AskVersion(new(question, 3, pin, lot, slice), counted);
            if (lot.Terms.Restrictions is { } restrictions) denial ??= AskRules(new(question, 4, null, lot, slice), restrictions.Rules, counted);
            if (denial is null) continue;

            _charges.RemoveRange(before, _charges.Count - before);
            return denial;
        }

        return null;
    }

    /// <summary>Whether layers 3 and 4 of a lot let a captured slice go; a denial is the operation's.</summary>
    public bool Allows(Question question, Lot lot, BigInteger slice)
    {
        draft.Violation = AskLot([question], lot, slice);
        return draft.Violation is null;
    }

    /// <summary>Writes into the counters what was counted.</summary>
    public void Charge()
    {
        foreach (var charge in _charges)
        {
            var now = CounterRules.Value(draft.Books, charge.Counter, charge.WindowStart);
            draft.Books.Counters = draft.Books.Counters.SetItem(charge.Counter, new(charge.WindowStart, now + charge.Amount));
        }
    }

    private Violation? AskVersion(Asked asked, HashSet<CounterName> counted)
    {
        draft.UnderPolicy = true;
        var policy = draft.Books.Policies[asked.Pin!.Policy];
        var version = policy.At(asked.Pin.Version);
        Violation Denial(string rule) => new(asked.Layer, asked.Pin.Policy, asked.Pin.Version, rule, asked.Lot?.Id, rule);
        if (policy.Status == PolicyStatus.Inactive) return Denial("status");
        if (version.Operations.Count > 0 && !version.Operations.Contains(asked.Question.Operation)) return Denial("operations");
        var intents = version.Intents.Select(Words.Intent).ToList();
        if (intents.Count > 0 && !intents.Contains("*") && !intents.Contains(asked.Question.Intent)) return Denial("intents");
        return AskRules(asked, version.Rules, counted);
    }

    private Violation? AskRules(Asked asked, IReadOnlyList<Rule> rules, HashSet<CounterName> counted)
    {
        draft.UnderPolicy = true;
        for (var place = 0; place < rules.Count; place++)
        {
            var rule = rules[place];
            if (!_judge.Applies(asked, rule)) continue;

            var id = rule.Id ?? place.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var denies = rule is LimitRule limit ? Limits(asked, limit, id, counted) : _judge.Denies(asked, rule);
            if (denies is not { } answer) continue;

            draft.Books.Tally.Count(rule, denied: answer);
            if (answer) return new(asked.Layer, asked.Pin?.Policy, asked.Pin?.Version ?? 0, id, asked.Lot?.Id, rule.GetType().Name);
        }

        return null;
    }

    /// <summary>Null: not asked.</summary>
    private bool? Limits(Asked asked, LimitRule rule, string id, HashSet<CounterName> counted)
    {
        if (!CounterRules.Counts(rule, asked.Question)) return null;

        var name = CounterRules.Name(rule, id, asked);
        if (_whole.Contains(name) || counted.Contains(name)) return null;

        var start = Windows.Start(rule.Window, rule.Duration, draft.Stamp);
        var pending = _charges.Where(charge => charge.Counter == name).Aggregate(BigInteger.Zero, (sum, charge) => sum + charge.Amount);
        var before = rule.Window == LimitWindow.Transaction ? 0 : CounterRules.Value(draft.Books, name, start) + pending;
        var more = rule.Count ? 1 : asked.Amount;
        if (before + more > rule.Max.Units(rule.Count ? 0 : draft.Books.Assets[asked.Question.Asset].Scale, up: false)) return true;

        counted.Add(name);
        if (rule.Window != LimitWindow.Transaction) _charges.Add(new(name, start, more, asked.Lot?.Id));
        return false;
    }
}
