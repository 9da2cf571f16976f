using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>A settled wager frees the wallet's lots, oldest first.</summary>
internal static class WageringRules
{
    public static WageringRule? RuleOf(TenantBooks books, Lot lot) =>
        lot.Terms.Pin is { } pin ? books.Policies[pin.Policy].At(pin.Version).Rules.OfType<WageringRule>().SingleOrDefault() : null;

    /// <summary>The lots that a wager of this account lowers; look before it moves anything.</summary>
    public static List<Lot> Waiting(Account account) => [.. account.Lots.Where(lot => lot.Remaining > 0 && !lot.Expired).OrderBy(lot => lot.Id)];

    public static void Settle(Draft draft, IReadOnlyList<Lot> waiting, BigInteger amount, Question question)
    {
        if (question.Intent != "wager") return;
        var game = (question.Context.FirstOrDefault(pair => pair.Name == "game").Value as TextValue)?.Text;
        foreach (var lot in waiting)
        {
            var rule = RuleOf(draft.Books, lot)!;
            var percent = rule.Contribution.Where(one => one.Game == game).Select(one => one.Percent).FirstOrDefault() ?? new RuleAmount(100);
            var hundred = 100 * BigInteger.Pow(10, percent.Decimals ?? 0);
            var contribution = amount * percent.Digits / hundred;
            if (contribution.IsZero) continue;
            if (contribution < lot.Remaining)
            {
                lot.Remaining -= contribution;
                return;
            }

            amount -= ((lot.Remaining * hundred) + percent.Digits - 1) / percent.Digits;
            lot.Remaining = 0;
            var release = rule.Release ?? 0;
            lot.Terms = lot.Terms with { Pin = new(release, draft.Books.Policies[release].Latest) };
        }
    }
}
