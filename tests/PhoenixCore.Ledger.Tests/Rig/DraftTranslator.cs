using System.Numerics;
using PhoenixCore.Ledger.Policies;
using Law = PhoenixCore.Model.Policies;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Says in the ledger's drafts what the model's rules say.</summary>
public sealed class DraftTranslator(FactBook book)
{
    public static PolicyOperation Of(Law.PolicyOperation operation) => Enum.Parse<PolicyOperation>(operation.ToString());

    public static IReadOnlyList<(string Name, PolicyValue Value)> Of(IEnumerable<(string Name, Law.Value Value)> values) => [.. values.Select(pair => (pair.Name, ValueOf(pair.Value, byNumber: null)))];

    public PolicyDraft Of(Law.PolicyVersion version) => new()
    {
        Operations = [.. version.Operations.Select(Of)],
        Intents = version.Intents,
        Rules = Of(version.Rules),
        Strategy = version.Strategy is { } strategy ? Enum.Parse<SelectionStrategy>(strategy.ToString()) : null,
        Priority = version.Priority,
        Expiry = Of(version.Expiry),
        OvercapturePercent = version.OvercapturePercent is { } percent ? Of(percent) : null,
        OvercaptureAmount = version.OvercaptureAmount is { } amount ? Of(amount) : null,
    };

    public RuleDraft[] Of(IReadOnlyList<Law.Rule> rules) => [.. rules.Select(rule => Of(rule) with { Id = rule.Id, When = [.. rule.When.Select(Of)] })];

    private RuleDraft Of(Law.Rule rule) => rule switch
    {
        Law.CategoryRule r => new CategoryRule { Field = r.Field, Allowed = r.Allowed, Denied = r.Denied },
        Law.OperationRule r => new OperationRule { Allowed = [.. r.Allowed.Select(Of)], Denied = [.. r.Denied.Select(Of)] },
        Law.IntentRule r => new IntentRule { Allowed = r.Allowed, Denied = r.Denied },
        Law.AttributeRule r => new AttributeRule(Of(r.Condition)),
        Law.ContextRule r => new ContextRule(Of(r.Condition)),
        Law.AmountRule r => new AmountRule { Min = Maybe(r.Min), Max = Maybe(r.Max) },
        Law.LimitRule r => new LimitRule { CountsOperations = r.Count, Window = Enum.Parse<LimitWindow>(r.Window.ToString()), Duration = r.Duration, PerLot = r.PerLot, Max = Of(r.Max) },
        Law.BalanceRule r => new BalanceRule { Min = Maybe(r.Min), Max = Maybe(r.Max) },
        Law.ExpiryRule r => new ExpiryRule(Of(r.Terms)),
        Law.CounterpartyRule r => new CounterpartyRule { Allowed = Wallets(r.Allowed), Denied = Wallets(r.Denied) },
        Law.ScheduleRule r => new ScheduleRule { Days = r.Days, From = r.From, To = r.To, Zone = [.. r.Zone.Select(change => new ZoneTransition(change.At, change.Offset))] },
        Law.WageringRule r => new WageringRule
        {
            Required = Maybe(r.Required),
            Multiplier = Maybe(r.Multiplier),
            Contribution = [.. r.Contribution.Select(one => (one.Game, Of(one.Percent)))],
            ReleasePolicy = r.Release is { } release ? book.PolicyOf(release) : 0,
        },
        _ => throw new ArgumentException($"no such rule: {rule}", nameof(rule)),
    };

    private ConditionDraft Of(Law.Condition condition) => new(
        condition.Field, Enum.Parse<ConditionOperator>(condition.Comparison.ToString()),
        [.. condition.Values.Select(value => ValueOf(value, condition.Field.EndsWith(".id", StringComparison.Ordinal) ? book : null))]);

    private static PolicyAmount Of(Law.RuleAmount amount) => new(ModelTranslator.Units(amount.Digits), amount.Decimals ?? -1);

    private static PolicyAmount? Maybe(Law.RuleAmount? amount) => amount is null ? null : Of(amount);

    private static ExpiryTerms Of(Law.ExpiryTerms terms) => new(terms.Ttl ?? 0, terms.At ?? 0, terms.MaxTtl ?? 0);

    /// <summary>By number where it is there already, in turns with the external id; one that is not there can only be named.</summary>
    private PolicyValue[] Wallets(IReadOnlyList<string> wallets) =>
        [.. wallets.Select((wallet, index) => ValueOf(new Law.WalletValue(wallet), index % 2 == 0 && book.TryNumberOf(wallet, out _) ? book : null))];

    private static PolicyValue ValueOf(Law.Value value, FactBook? byNumber)
    {
        switch (value)
        {
            case Law.TextValue text: return PolicyValue.OfText(text.Text);
            case Law.NumberValue number: return PolicyValue.OfNumber((Int128)number.Digits, number.Decimals);
            case Law.FlagValue flag: return PolicyValue.OfBoolean(flag.Yes);
            case Law.WalletValue wallet when byNumber is not null && byNumber.TryNumberOf(wallet.ExternalId, out var known): return PolicyValue.OfWallet(known);
            case Law.WalletValue wallet:
                var (lo, hi) = CommandArena.HashOf(wallet.ExternalId);
                return PolicyValue.OfAlias(lo, hi);
            default: throw new ArgumentException($"no such value: {value}", nameof(value));
        }
    }
}
