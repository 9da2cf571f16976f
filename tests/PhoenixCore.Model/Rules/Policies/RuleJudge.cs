using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>What a rule says that has no memory.</summary>
internal sealed class RuleJudge(Draft draft)
{
    private const long SecondNanoseconds = 1_000_000_000;

    /// <summary>All of its conditions hold.</summary>
    public bool Applies(Asked asked, Rule rule) => rule.When.All(condition => ConditionRules.Holds(condition, Look(asked, condition.Field)));

    /// <summary>Null: the rule does not look at this.</summary>
    public bool? Denies(Asked asked, Rule rule) => rule switch
    {
        CategoryRule r => Denies(r.Allowed, r.Denied, (Look(asked, r.Field) as TextValue)?.Text),
        OperationRule r => Denies(r.Allowed, r.Denied, asked.Question.Operation),
        IntentRule r => Denies([.. r.Allowed.Select(Words.Intent)], [.. r.Denied.Select(Words.Intent)], asked.Question.Intent),
        AttributeRule r => asked.Lot is null ? null : !ConditionRules.Holds(r.Condition, AttributeOf(asked.Lot, r.Condition.Field)),
        ContextRule r => !ConditionRules.Holds(r.Condition, Look(asked, r.Condition.Field)),
        AmountRule r => OutOfRange(asked, r.Min, r.Max, asked.Amount),
        BalanceRule r => Balance(asked, r),
        ExpiryRule => null,
        CounterpartyRule r => asked.Question.Other is { } other ? Denies(r.Allowed, r.Denied, other) : null,
        ScheduleRule r => !Windows.Holds(r, draft.Stamp),
        WageringRule => Wagering(asked),
        _ => throw new ArgumentException($"no such rule: {rule}", nameof(rule)),
    };

    private static bool Denies<T>(IReadOnlyList<T> allowed, IReadOnlyList<T> denied, T? value) =>
        (value is not null && denied.Contains(value)) || (allowed.Count > 0 && (value is null || !allowed.Contains(value)));

    private bool OutOfRange(Asked asked, RuleAmount? min, RuleAmount? max, BigInteger amount)
    {
        var scale = draft.Books.Assets[asked.Question.Asset].Scale;
        return amount < min?.Units(scale, up: true) || amount > max?.Units(scale, up: false);
    }

    /// <summary>Of the whole amount on every layer; the least is looked at when value leaves, the most when it comes in.</summary>
    private bool? Balance(Asked asked, BalanceRule rule)
    {
        var account = draft.Books.Account(asked.Question.Wallet, asked.Question.Asset);
        var before = (account?.Available ?? 0) + (account?.Reserved ?? 0);
        var moved = asked.Question.Moved ?? asked.Question.Amount;
        return asked.Question.Operation switch
        {
            PolicyOperation.Consume or PolicyOperation.TransferOut or PolicyOperation.Commit => rule.Min is null ? null : OutOfRange(asked, rule.Min, null, before - moved),
            PolicyOperation.Credit or PolicyOperation.TransferIn => rule.Max is null ? null : OutOfRange(asked, null, rule.Max, before + moved),
            _ => null,
        };
    }

    private static bool? Wagering(Asked asked)
    {
        if (asked.Layer != 3 || asked.Lot!.Remaining.IsZero) return null;
        var question = asked.Question;
        return question.Operation == PolicyOperation.TransferOut || question.Intent == "cashout"
            || (question.Operation == PolicyOperation.Commit && question.Other is not null && question.Intent != "wager");
    }

    private static Value? AttributeOf(Lot lot, string name) => LotAttributes.Of(lot.Terms.Attributes).FirstOrDefault(pair => pair.Name == name).Value;

    /// <summary>The names of the ledger first: what a request says under them is not looked at.</summary>
    private Value? Look(Asked asked, string field) => field switch
    {
        "operation" => new TextValue(Words.Of(asked.Question.Operation)),
        "intent" => new TextValue(asked.Question.Intent),
        "asset" => new TextValue(asked.Question.Asset),
        "wallet.id" or "wallet.external_id" => new WalletValue(asked.Question.Wallet),
        "counterparty.id" or "counterparty.external_id" => asked.Question.Other is { } other ? new WalletValue(other) : null,
        "lot.age" => asked.NewLotFrom is not null ? new NumberValue(0) : asked.Lot is { } lot ? new NumberValue((draft.Stamp - lot.CreatedAt) / SecondNanoseconds) : null,
        "lot.source" => asked.NewLotFrom is { } source ? new TextValue(source) : asked.Lot is { } lot ? new TextValue(lot.FromTransfer ? "transfer" : "credit") : null,
        _ => asked.Question.Context.FirstOrDefault(pair => pair.Name == field).Value,
    };
}
