using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>Counters: whose they are, what they count, and what they are given back.</summary>
internal static class CounterRules
{
    /// <summary>Without a condition on the operation a limit counts what leaves; with one, whatever that lets through.</summary>
    public static bool Counts(LimitRule rule, Question question) =>
        !question.LimitsSilent
        && (rule.When.Any(condition => condition.Field == "operation")
            || question.Operation is PolicyOperation.Consume or PolicyOperation.TransferOut or PolicyOperation.Reserve);

    public static CounterName Name(LimitRule rule, string id, Asked asked)
    {
        var ofLot = asked.Layer == 4 || (asked.Layer == 3 && rule.PerLot);
        return new(
            asked.Pin?.Policy, id, rule.Count, rule.Window, rule.Window == LimitWindow.Duration ? rule.Duration : 0, rule.PerLot,
            ofLot ? null : asked.Question.Wallet, ofLot ? asked.Lot!.Id : null, asked.Question.Asset);
    }

    /// <summary>A counter whose window is over counts as zero.</summary>
    public static BigInteger Value(TenantBooks books, CounterName name, long windowStart) =>
        books.Counters.GetValueOrDefault(name) is { } counter && counter.WindowStart == windowStart ? counter.Value : 0;

    /// <summary>Gives back what these charges counted of slices that return. Ended: a count returns as well when nothing was captured.</summary>
    public static void GiveBack(TenantBooks books, IReadOnlyList<Charge> charges, IReadOnlyList<Slice> returned, bool countsToo)
    {
        foreach (var charge in charges)
        {
            var amount = charge.Counter.Count ? countsToo ? charge.Amount : 0 : Sum(returned, charge.SliceOf);
            if (books.Counters.GetValueOrDefault(charge.Counter) is not { } counter || counter.WindowStart != charge.WindowStart) continue;

            books.Counters = books.Counters.SetItem(charge.Counter, counter with { Value = BigInteger.Max(0, counter.Value - amount) });
        }
    }

    /// <summary>The charges of a reservation and of more of it: one per counter (and lot) and window.</summary>
    public static List<Charge> Join(IEnumerable<Charge> before, IEnumerable<Charge> more) =>
        [.. before.Concat(more).GroupBy(charge => (charge.Counter, charge.SliceOf, charge.WindowStart))
            .Select(same => same.Last() with { Amount = same.Aggregate(BigInteger.Zero, (sum, charge) => sum + charge.Amount) })];

    private static BigInteger Sum(IReadOnlyList<Slice> slices, int? lot) =>
        slices.Where(slice => lot is null || slice.Lot == lot).Aggregate(BigInteger.Zero, (sum, slice) => sum + slice.Amount);
}
