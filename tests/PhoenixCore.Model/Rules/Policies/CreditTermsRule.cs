using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>What a new lot gets of its policy: the pin, the expiry, and what must be wagered.</summary>
internal static class CreditTermsRule
{
    /// <summary>A policy that can be bound to something new.</summary>
    public static bool Usable(TenantBooks books, int policy) => books.Policies.TryGetValue(policy, out var found) && found.Status == PolicyStatus.Active;

    /// <summary>The given policy, else the asset's first that is not DEPRECATED.</summary>
    public static PolicyPin? Pin(TenantBooks books, int? given, string asset)
    {
        var bound = books.AssetPolicies.GetValueOrDefault(asset) ?? [];
        var policy = given ?? bound.Where(id => books.Policies[id].Status != PolicyStatus.Deprecated).Select(id => (int?)id).FirstOrDefault();
        return policy is { } chosen ? new(chosen, books.Policies[chosen].Latest) : null;
    }

    /// <summary>The given time, else the earliest that policy and rules say; then at most what they allow.</summary>
    /// <param name="source">Of the lot: <c>credit</c> or <c>transfer</c>.</param>
    public static long? Expiry(Draft draft, Question question, Terms terms, string source)
    {
        var version = terms.Pin is { } pin ? draft.Books.Policies[pin.Policy].At(pin.Version) : null;
        var judge = new RuleJudge(draft);
        var asked = new Asked(question, 3, terms.Pin, null, question.Amount) { NewLotFrom = source };
        var rules = (version?.Rules ?? []).Concat(terms.Restrictions?.Rules ?? []).OfType<ExpiryRule>().ToList();
        var sayings = rules.Where(rule => judge.Applies(asked, rule)).Select(rule => rule.Terms).ToList();
        foreach (var rule in rules) draft.Books.Tally.Count(rule, denied: judge.Applies(asked, rule));
        if (version is not null) sayings.Insert(0, version.Expiry);

        var said = sayings.SelectMany(saying => new[] { draft.Stamp + saying.Ttl, saying.At }).Where(time => time is not null);
        var chosen = terms.ExpiresAt ?? said.Min();
        return sayings.Select(saying => draft.Stamp + saying.MaxTtl).Append(chosen).Min();
    }

    /// <summary>What the lot starts with.</summary>
    public static BigInteger Required(TenantBooks books, Lot lot, string asset)
    {
        if (WageringRules.RuleOf(books, lot) is not { } rule) return 0;
        if (rule.Required is { } required) return required.Units(books.Assets[asset].Scale, up: true);
        return BigInteger.Min(TenantBooks.Max, lot.Initial * rule.Multiplier!.Digits / BigInteger.Pow(10, rule.Multiplier.Decimals ?? 0));
    }
}
