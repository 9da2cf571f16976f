using System.Numerics;
using PhoenixCore.Model.Books;

namespace PhoenixCore.Model.Rules;

/// <summary>Chooses the lots that give an amount; changes nothing.</summary>
internal static class TakeRule
{
    public const int SlicesMax = 1024;

    public static ModelResult Take(Draft draft, Account? account, BigInteger amount, Selection selection, out List<Slice> slices)
    {
        slices = [];
        if (account is null) return ModelResult.InsufficientBalance;

        var ordered = account.Lots.Where(lot => lot.Pooled || (lot.Available > 0 && !lot.Expired));
        if (selection.Strategy == SelectionStrategy.Specific)
        {
            var found = Specific(draft, account, selection.Lots, out var lots);
            if (found != ModelResult.Accepted) return found;
            ordered = lots;
        }
        else if (selection.Strategy == SelectionStrategy.Lifo)
        {
            ordered = ordered.OrderByDescending(lot => lot.Id);
        }
        else if (selection.Strategy == SelectionStrategy.ExpiringFirst)
        {
            ordered = ordered.OrderBy(lot => lot.Terms.ExpiresAt ?? long.MaxValue).ThenBy(lot => lot.Terms.ExpiresAt is null).ThenBy(lot => lot.Id);
        }

        var missing = amount;
        foreach (var lot in ordered)
        {
            if (missing.IsZero) break;
            var part = lot.Pooled ? missing : BigInteger.Min(missing, lot.Available);
            slices.Add(new(lot.Id, part));
            missing -= part;
        }

        if (missing > 0) return ModelResult.InsufficientBalance;
        if (account.Available - amount < account.Floor) return ModelResult.InsufficientBalance;
        if (account.Pooled && !HeadroomRule.Allows(draft.Books, account, amount)) return ModelResult.BalanceWouldOverflow;
        return slices.Count > SlicesMax ? ModelResult.TooManyLots : ModelResult.Accepted;
    }

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
