using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules;

/// <summary>Chooses the lots that give an amount; changes nothing.</summary>
internal static class TakeRule
{
    public const int SlicesMax = 1024;
    private const int PriorityDefault = 100;

    /// <param name="ask">The denial of a lot that would give this much; null: it may.</param>
    public static ModelResult Take(Draft draft, Account? account, BigInteger amount, Selection selection, Func<Lot, BigInteger, Violation?> ask, out List<Slice> slices)
    {
        slices = [];
        if (account is null) return ModelResult.InsufficientBalance;

        List<Lot> ordered;
        if (selection.Strategy == SelectionStrategy.Specific)
        {
            var found = Specific(draft, account, selection.Lots, out ordered);
            if (found != ModelResult.Accepted) return found;
        }
        else
        {
            ordered = Ordered(draft, account, selection.Strategy);
        }

        Violation? first = null;
        var missing = amount;
        foreach (var lot in ordered)
        {
            if (missing.IsZero) break;
            var part = lot.Pooled ? missing : BigInteger.Min(missing, lot.Available);
            if (ask(lot, part) is { } denial)
            {
                first ??= denial;
                if (selection.Strategy == SelectionStrategy.Specific) break;
                continue;
            }

            slices.Add(new(lot.Id, part));
            missing -= part;
        }

        var floorHolds = !(account.Available - amount < account.Floor);
        if (missing > 0)
        {
            draft.Violation = first;
            var isSpecific = selection.Strategy == SelectionStrategy.Specific;
            var wouldCover = isSpecific || (floorHolds && ordered.Aggregate(BigInteger.Zero, (sum, lot) => sum + lot.Available) >= amount);
            return first is not null && wouldCover ? ModelResult.PolicyViolation : ModelResult.InsufficientBalance;
        }

        if (!floorHolds) return ModelResult.InsufficientBalance;
        if (account.Pooled && !HeadroomRule.Allows(draft.Books, account, amount)) return ModelResult.BalanceWouldOverflow;
        return slices.Count > SlicesMax ? ModelResult.TooManyLots : ModelResult.Accepted;
    }

    /// <summary>The lots that can give, in the order that the caller says; else by priority, and in each group as the policy of its oldest lot says.</summary>
    private static List<Lot> Ordered(Draft draft, Account account, SelectionStrategy strategy)
    {
        PolicyVersion? VersionOf(Lot lot) => lot.Terms.Pin is { } pin ? draft.Books.Policies[pin.Policy].At(pin.Version) : null;
        var lots = account.Lots.Where(lot => lot.Pooled || (lot.Available > 0 && !lot.Expired)).OrderBy(lot => lot.Id).ToList();
        if (strategy != SelectionStrategy.Fifo) return Sort(lots, strategy);
        return [.. lots.GroupBy(lot => VersionOf(lot)?.Priority ?? PriorityDefault).OrderBy(group => group.Key)
            .SelectMany(group => Sort([.. group], VersionOf(group.First())?.Strategy ?? SelectionStrategy.Fifo))];
    }

    private static List<Lot> Sort(List<Lot> lots, SelectionStrategy strategy) => strategy switch
    {
        SelectionStrategy.Lifo => [.. lots.OrderByDescending(lot => lot.Id)],
        SelectionStrategy.ExpiringFirst => [.. lots.OrderBy(lot => lot.Terms.ExpiresAt ?? long.MaxValue).ThenBy(lot => lot.Terms.ExpiresAt is null).ThenBy(lot => lot.Id)],
        _ => lots,
    };

    /// <summary>Every named lot is checked in the given order, also those that the amount would not need.</summary>
    private static ModelResult Specific(Draft draft, Account account, IReadOnlyList<int> ids, out List<Lot> lots)
    {
        if (ids.Count is < 1 or > SlicesMax)
        {
            throw new ArgumentException("A specific selection names 1 to 1,024 lots.", nameof(ids));
        }

        lots = [];
        foreach (var id in ids)
        {
            var here = draft.Books.LotNames.TryGetValue(id, out var name) && name.Wallet == account.Wallet && name.Asset == account.Asset;
            if (!here || lots.Exists(lot => lot.Id == id)) return ModelResult.LotNotFound;

            var live = account.Lots.Find(lot => lot.Id == id);
            if (live is null)
            {
                draft.AlsoAllowed = ModelResult.LotNotFound;
                return ModelResult.LotNotAvailable;
            }

            if (!live.Pooled && (live.Available <= 0 || live.Expired)) return ModelResult.LotNotAvailable;
            lots.Add(live);
        }

        return ModelResult.Accepted;
    }
}
