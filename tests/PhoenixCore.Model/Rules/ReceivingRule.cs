using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;
using PhoenixCore.Model.Rules.Policies;

namespace PhoenixCore.Model.Rules;

/// <summary>Hands a slice to another wallet's account, into the receiving lot.</summary>
internal static class ReceivingRule
{
    /// <returns>Where it went.</returns>
    public static Arrival Give(Draft draft, Account from, Column column, Slice slice, string toWallet)
    {
        var given = from.Lots.Find(lot => lot.Id == slice.Lot)!;
        var to = draft.AccountOrNew(toWallet, from.Asset);
        var lot = ReceivingLot(draft, to, given.Terms);
        draft.Post(from, column, given, to, Column.Available, lot, slice.Amount);
        return new(slice.Lot, lot.Id, slice.Amount, given.Terms);
    }

    /// <summary>Several slices, all into one new lot when terms are given.</summary>
    public static List<Arrival> GiveAll(Draft draft, Account from, IEnumerable<(Column Column, Slice Slice)> slices, string toWallet, Terms? terms)
    {
        var arrivals = new List<Arrival>();
        Lot? one = null;
        foreach (var (column, slice) in slices)
        {
            if (terms is null)
            {
                arrivals.Add(Give(draft, from, column, slice, toWallet));
                continue;
            }

            var given = from.Lots.Find(lot => lot.Id == slice.Lot)!;
            var to = draft.AccountOrNew(toWallet, from.Asset);
            one ??= draft.NewLot(to, terms, fromTransfer: true);
            draft.Post(from, column, given, to, Column.Available, one, slice.Amount);
            arrivals.Add(new(slice.Lot, one.Id, slice.Amount, given.Terms));
        }

        if (one is not null) one.Remaining = CreditTermsRule.Required(draft.Books, one, from.Asset);

        return arrivals;
    }

    /// <summary>The checks of destination terms, which come after the CLOSED check of the destination.</summary>
    /// <param name="comes">The question about what comes in.</param>
    /// <param name="terms">Those that the new lot gets; null: none were given.</param>
    public static ModelResult CheckTerms(Draft draft, WalletView to, Terms? given, int? policy, Question comes, out Terms? terms)
    {
        terms = given;
        if (given is null) return ModelResult.Accepted;
        if (to.Pooled) return ModelResult.PooledTerms;
        if (given.ExpiresAt <= draft.Stamp) return ModelResult.ExpiryInPast;
        if (policy is { } named && !CreditTermsRule.Usable(draft.Books, named)) return ModelResult.InvalidPolicy;
        if (policy is null && given.Restrictions is null) return ModelResult.Accepted;

        terms = given with { Pin = policy is { } chosen ? new(chosen, draft.Books.Policies[chosen].Latest) : null };
        terms = terms with { ExpiresAt = CreditTermsRule.Expiry(draft, comes, terms, "transfer") };
        return terms.ExpiresAt <= draft.Stamp ? ModelResult.ExpiryInPast : ModelResult.Accepted;
    }

    private static Lot ReceivingLot(Draft draft, Account to, Terms terms)
    {
        if (to.Pooled) return to.Lots[0];

        var newest = to.Lots.FindLast(lot => lot.Live);
        var joins = newest is { FromTransfer: true, Expired: false } && newest.Terms == terms;
        return joins ? newest! : draft.NewLot(to, terms, fromTransfer: true);
    }
}
